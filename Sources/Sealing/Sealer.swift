import Glibc
import Locked

/// Seals and opens with XAES-256-GCM (C2SP) under the keys of a ring: authenticated encryption with random nonces of 192 bits, of which a fleet
/// never runs out. (Random nonces of 96 bits under one key reach their limit, 2^32 messages, within a month at 2,000 writes a second.)
///
/// A sealed message is: clear bytes, length of the key id, key id, nonce (24), text, tag (16). Everything in it is authenticated, and what it is
/// for as well.
package final class Sealer: Sendable {
    private let ring: KeyRing
    // Threads seldom meet at one: they choose by their own address. A lock that is free costs less than handing benches out and back.
    private let benches: [Locked<Workbench>]
    private let place: [UInt8]

    /// Bytes that a key id of the longest kind, nonce and tag add to a message.
    package static let maximumOverhead = 1 + SealKey.idLengths.upperBound + Workbench.overhead

    /// A sealer for one place: what it seals opens only for a sealer of the same place. Throws `.library` where OpenSSL has no AES-256.
    ///
    /// - Parameters:
    ///   - ring: The keys.
    ///   - place: What all it seals has in common; authenticated, not stored.
    ///   - fixedNonces: For tests and documents with known answers: the nonces, from the last to the first and again. Never otherwise.
    package init(_ ring: KeyRing, place: [UInt8], fixedNonces: [UInt8]? = nil) throws(SealingError) {
        self.ring = ring
        self.place = place
        let aes = try Cipher("AES-256-ECB")
        let gcm = try Cipher("AES-256-GCM")
        let count = fixedNonces == nil ? min(max(sysconf(CInt(_SC_NPROCESSORS_ONLN)), 1), 8) : 1
        var benches: [Locked<Workbench>] = []
        for _ in 0..<count {
            let source = fixedNonces.map(NonceSource.fixed) ?? .system
            benches.append(Locked(try Workbench(ring, aes: aes, gcm: gcm, nonces: source)))
        }
        self.benches = benches
    }

    /// Seals all but the first `clear` bytes of `message` under the first key, for `name`. Throws `.library`.
    package func seal(_ message: [UInt8], clear: Int, for name: String) throws(SealingError) -> [UInt8] {
        guard (0...message.count).contains(clear) else { throw .malformed }
        let id = self.ring.keys[0].id
        let prefix = clear + 1 + id.count
        let purpose = Purpose(place: self.place, name: name)
        var done = false
        let count = message.count + 1 + id.count + Workbench.overhead
        let sealed = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, initialized in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe room.baseAddress?.update(from: message.baseAddress ?? UnsafePointer(room.baseAddress!), count: clear)
                unsafe room[clear] = UInt8(id.count)
                for (offset, byte) in id.enumerated() { unsafe room[clear + 1 + offset] = byte }
                let text = unsafe UnsafeBufferPointer(rebasing: message[clear...])
                done = self.bench.withLock { unsafe $0.seal(text, key: 0, into: room, prefix: prefix, purpose) }
                initialized = done ? count : 0
            }
        }
        guard done else { throw .library("sealing") }
        return sealed
    }

    /// Opens what was sealed with as many clear bytes for this name: the clear bytes, and the text behind them.
    ///
    /// Throws `.malformed`, `.unknownKey`, `.notAuthentic`.
    package func open(_ message: [UInt8], clear: Int, for name: String) throws(SealingError) -> [UInt8] {
        guard clear >= 0, message.count > clear, SealKey.idLengths.contains(Int(message[clear])) else { throw .malformed }
        let prefix = clear + 1 + Int(message[clear])
        // Clear bytes and text.
        let count = message.count - (prefix - clear) - Workbench.overhead
        guard count >= clear else { throw .malformed }
        guard let key = self.key(named: message[clear + 1..<prefix]) else { throw .unknownKey }
        let purpose = Purpose(place: self.place, name: name)
        // A copy of so many bytes costs a third of an array of zeros. The clear bytes are in their place, the text goes over the rest. With nothing in it
        // there is an authentic message as well: its room is one byte that stays unused.
        var opened = Array(message[..<max(count, 1)])
        let done = unsafe message.withUnsafeBufferPointer { message in
            unsafe opened.withUnsafeMutableBufferPointer { room in
                guard let start = room.baseAddress else { return false }
                return self.bench.withLock { unsafe $0.open(message, key: key, into: start + clear, prefix: prefix, purpose) }
            }
        }
        guard done else { throw .notAuthentic }
        return count == 0 ? [] : opened
    }

    /// The place in the ring of the key with this id.
    private func key(named id: ArraySlice<UInt8>) -> Int? {
        self.ring.keys.firstIndex { $0.id.elementsEqual(id) }
    }

    /// The thread's own, as a rule: addresses of threads are a stack apart.
    private var bench: Locked<Workbench> {
        self.benches[Int(pthread_self() >> 12) % self.benches.count]
    }
}
