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
    private let derived: DerivedKey

    init(_ ring: KeyRing, aes: borrowing Cipher, gcm: borrowing Cipher, nonces: NonceSource) throws(SealingError) {
        var schedules: [KeySchedule] = []
        for key in ring.keys { schedules.append(try KeySchedule(aes, key: key)) }
        self.schedules = schedules
        self.gcm = try GCMContext(gcm)
        self.nonces = NonceBuffer(source: nonces)
        self.derived = DerivedKey()
    }

    /// Writes nonce, text and tag behind the prefix of `message`, which is there already. `text` may be empty.
    func seal(
        _ text: UnsafeBufferPointer<UInt8>, key: Int, into message: UnsafeMutableBufferPointer<UInt8>, prefix: Int, _ purpose: Purpose
    ) -> Bool {
        guard let start = message.baseAddress else { return false }
        let nonce = unsafe start + prefix
        let sealed = unsafe nonce + NonceBuffer.nonceSize
        guard unsafe self.nonces.take(into: nonce), unsafe self.schedules[key].derive(nonce: nonce, into: self.derived.pointer) else {
            return false
        }
        defer { self.derived.wipe() }
        return unsafe self.gcm.startSealing(key: self.derived.pointer, nonce: nonce + 12)
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
        guard unsafe self.schedules[key].derive(nonce: nonce, into: self.derived.pointer) else { return false }
        defer { self.derived.wipe() }
        return unsafe self.gcm.startOpening(key: self.derived.pointer, nonce: nonce + 12)
            && self.authenticate(UnsafeBufferPointer(start: start, count: prefix), purpose)
            && self.gcm.transform(text, into: room)
            && self.gcm.finishOpening(tag: tag, scratch: self.derived.pointer)
    }

    private func authenticate(_ prefix: UnsafeBufferPointer<UInt8>, _ purpose: Purpose) -> Bool {
        guard unsafe self.gcm.authenticate(prefix), unsafe purpose.place.withUnsafeBufferPointer({ unsafe self.gcm.authenticate($0) })
        else {
            return false
        }
        var name = purpose.name
        return name.withUTF8 { unsafe self.gcm.authenticate($0) }
    }
}

/// What something is sealed for: it opens for nothing else. The two parts are authenticated one behind the other.
struct Purpose {
    /// What is the same for all.
    var place: [UInt8]
    /// What is this one's.
    var name: String
}

/// Room for the key of one message.
@safe private struct DerivedKey: ~Copyable {
    // Owned by this value, wiped and freed in deinit.
    let pointer: UnsafeMutablePointer<UInt8>

    init() {
        unsafe self.pointer = .allocate(capacity: KeySchedule.derivedSize)
        unsafe self.pointer.initialize(repeating: 0, count: KeySchedule.derivedSize)
    }

    deinit {
        self.wipe()
        unsafe self.pointer.deallocate()
    }

    func wipe() {
        unsafe OPENSSL_cleanse(self.pointer, KeySchedule.derivedSize)
    }
}
