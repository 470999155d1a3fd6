/// HMAC-SHA-256 (RFC 2104): two digests, each after one block that the key makes. Both states are kept, so a code costs no block for its key, and a message
/// may begin with what another one has taken in.
struct MACContext: ~Copyable {
    private let inner: DigestContext
    private let outer: DigestContext
    private let running: DigestContext

    init() throws(AWSError) {
        let inner = try DigestContext()
        let outer = try DigestContext()
        let running = try DigestContext()
        self.inner = inner
        self.outer = outer
        self.running = running
    }

    /// Keys the context; what follows uses this key.
    func setKey(_ key: [UInt8]) throws(AWSError) {
        var block = [UInt8](repeating: 0, count: DigestContext.blockLength)
        if key.count > block.count {
            try self.running.hash(key, into: &block)
        } else {
            block.replaceSubrange(..<key.count, with: key)
        }
        for index in block.indices { block[index] ^= 0x36 }
        try self.inner.start()
        try self.inner.add(block)
        for index in block.indices { block[index] ^= 0x36 ^ 0x5c }
        try self.outer.start()
        try self.outer.add(block)
    }

    /// Begins a message in that digest.
    func start(_ message: borrowing DigestContext) throws(AWSError) {
        try message.start(from: self.inner)
    }

    /// Ends a message that `start` began: writes its code over the first 32 bytes of `result`.
    func finish(_ message: borrowing DigestContext, into result: inout [UInt8]) throws(AWSError) {
        try message.finish(into: &result)
        try self.running.start(from: self.outer)
        try self.running.add(result, count: DigestContext.length)
        try self.running.finish(into: &result)
    }

    /// Writes the code of `bytes` over the first 32 bytes of `result`.
    func authenticate(_ bytes: [UInt8], into result: inout [UInt8]) throws(AWSError) {
        try self.start(self.running)
        try self.running.add(bytes)
        try self.finish(self.running, into: &result)
    }
}
