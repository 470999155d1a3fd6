import COpenSSL

/// What one thread needs for XAES-256-GCM: contexts, nonces and room for a derived key, all kept from one message to the next.
///
/// A message is: a prefix in the open, nonce (24), text, tag (16). Authenticated are prefix and purpose, one behind the other, and the text.
final class Workbench {
    /// Bytes of a message beside prefix and text.
    static let overhead = NonceBuffer.nonceSize + GCMContext.tagSize

    private let schedules: [KeySchedule]
    private let gcm: GCMContext
    private let nonces: NonceBuffer
    private let scratch = Scratch()

    init(_ ring: KeyRing, aes: borrowing Cipher, gcm: borrowing Cipher, nonces: NonceSource) throws(SealingError) {
        var schedules: [KeySchedule] = []
        for key in ring.keys { schedules.append(try KeySchedule(aes, key: key)) }
        self.schedules = schedules
        self.gcm = try GCMContext(gcm)
        self.nonces = NonceBuffer(source: nonces)
    }

    /// Writes nonce, text and tag behind the prefix of `message`, which is there already. `text` may be empty.
    func seal(
        _ text: UnsafeBufferPointer<UInt8>, key: Int, into message: UnsafeMutableBufferPointer<UInt8>, prefix: Int, _ purpose: Purpose
    ) -> Bool {
        guard let start = message.baseAddress else { return false }
        let nonce = unsafe start + prefix
        let sealed = unsafe nonce + NonceBuffer.nonceSize
        guard unsafe self.nonces.take(into: nonce), unsafe self.schedules[key].derive(nonce: nonce, into: self.scratch.key) else {
            return false
        }
        defer { self.scratch.wipeKey() }
        return unsafe self.gcm.startSealing(key: self.scratch.key, nonce: nonce + 12)
            && self.authenticate(UnsafeBufferPointer(start: start, count: prefix), purpose)
            && self.gcm.transform(text, into: sealed)
            && self.gcm.finishSealing(tag: sealed + text.count)
    }

    /// Writes the text of `message` into `room`, and says whether it is what was sealed. If not, `room` is to be thrown away.
    func open(
        _ message: UnsafeBufferPointer<UInt8>, key: Int, into room: UnsafeMutablePointer<UInt8>, prefix: Int, _ purpose: Purpose
    ) -> Bool {
        guard let start = message.baseAddress else { return false }
        let nonce = unsafe start + prefix
        let text = unsafe UnsafeBufferPointer(
            start: nonce + NonceBuffer.nonceSize, count: message.count - prefix - Self.overhead)
        let tag = unsafe start + (message.count - GCMContext.tagSize)
        guard unsafe self.schedules[key].derive(nonce: nonce, into: self.scratch.key) else { return false }
        defer { self.scratch.wipeKey() }
        return unsafe self.gcm.startOpening(key: self.scratch.key, nonce: nonce + 12, tag: tag)
            && self.authenticate(UnsafeBufferPointer(start: start, count: prefix), purpose)
            && self.gcm.transform(text, into: room)
            && self.gcm.finishOpening(scratch: self.scratch.key)
    }

    private func authenticate(_ prefix: UnsafeBufferPointer<UInt8>, _ purpose: Purpose) -> Bool {
        var name = purpose.name
        return unsafe purpose.place.withUnsafeBufferPointer { place in
            name.withUTF8 { name in
                // In one piece: each call costs as much as authenticating a hundred bytes.
                let count = prefix.count + place.count + name.count
                guard count <= Scratch.additionalSize else {
                    return unsafe self.gcm.authenticate(prefix) && self.gcm.authenticate(place) && self.gcm.authenticate(name)
                }
                let room = unsafe self.scratch.additional
                if let start = prefix.baseAddress { unsafe room.update(from: start, count: prefix.count) }
                if let start = place.baseAddress { unsafe (room + prefix.count).update(from: start, count: place.count) }
                if let start = name.baseAddress { unsafe (room + (count - name.count)).update(from: start, count: name.count) }
                return unsafe self.gcm.authenticate(UnsafeBufferPointer(start: self.scratch.additional, count: count))
            }
        }
    }
}

/// What something is sealed for: it opens for nothing else. The two parts are authenticated one behind the other.
struct Purpose {
    /// What is the same for all.
    var place: [UInt8]
    /// What is this one's.
    var name: String
}
