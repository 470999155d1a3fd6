import BareXAES

/// Sealed entries, opened with the bare calls of OpenSSL.
struct BareOpening: Sendable {
    /// What one opening needs, ready made.
    private struct Message: Sendable {
        var nonce: [UInt8]
        var additional: [UInt8]
        var text: [UInt8]
        var tag: [UInt8]
    }

    // Used by tasks of one thread, the loop's.
    nonisolated(unsafe) private let xaes: OpaquePointer
    private let messages: [Message]

    /// The layout is that of docs/WIRE-FORMAT.md.
    init(key: [UInt8], region: String, entries: [(redisKey: [UInt8], value: [UInt8])]) throws {
        guard let xaes = bare_xaes_new(key) else { throw Failure("OpenSSL has no AES-256") }
        self.xaes = xaes
        self.messages = entries.map { redisKey, value in
            let prefix = 45 + 1 + Int(value[45])
            return Message(
                nonce: Array(value[prefix..<prefix + 24]),
                additional: value[..<prefix] + [UInt8(region.utf8.count)] + Array(region.utf8) + redisKey,
                text: Array(value[(prefix + 24)..<(value.count - 16)]), tag: Array(value.suffix(16)))
        }
    }

    /// Opens one of them, onto the stack.
    func open(_ index: Int) throws {
        let message = self.messages[index]
        let opened = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { room in
            bare_xaes_open(
                self.xaes, message.nonce, message.additional, message.additional.count, message.text, message.text.count, message.tag,
                room.baseAddress)
        }
        guard opened == 1 else { throw Failure("an entry does not open") }
    }
}
