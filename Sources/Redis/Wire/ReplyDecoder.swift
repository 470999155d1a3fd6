internal import CHiredis

/// hiredis's incremental parser (`redisReader`), which it was given as bytes arrive and asks for replies.
///
/// Nesting is bounded by hiredis (seven levels), the bytes held for one reply by `maxReplyBytes`.
@safe
final class ReplyDecoder {
    private let reader: UnsafeMutablePointer<redisReader>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let builder: ReplyBuilder
    private let maxReplyBytes: Int
    /// Bytes given to the parser since the last complete reply.
    private var unfinishedBytes = 0

    /// hiredis moves what it has not parsed yet to the front after each kilobyte: given 64 KB at once it would move megabytes per read.
    static let sliceBytes = 4096

    /// What the bytes given so far amount to.
    enum Step {
        case reply(RedisReply)
        case needsMore
        case failed(RedisError)
    }

    /// A parser, or `nil` if there is no memory for one.
    init?(maxReplyBytes: Int) {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        unsafe functions.initialize(to: .buildingSwiftValues)
        guard let reader = unsafe redisReaderCreateWithFunctions(functions) else {
            unsafe functions.deallocate()
            return nil
        }
        self.builder = ReplyBuilder()
        // read.h: privdata reaches each callback as the task's privdata. The builder lives as long as this struct, the reader no longer.
        unsafe reader.pointee.privdata = Unmanaged.passUnretained(self.builder).toOpaque()
        unsafe self.reader = reader
        unsafe self.functions = functions
        self.maxReplyBytes = maxReplyBytes
    }

    deinit {
        unsafe redisReaderFree(self.reader)
        unsafe self.functions.deallocate()
    }

    /// Gives the parser bytes, at best `sliceBytes` at a time, after all replies of the bytes before have been taken.
    @inline(__always)
    func feed(_ bytes: UnsafeRawBufferPointer) -> RedisError? {
        guard let start = bytes.baseAddress else { return nil }
        self.unfinishedBytes += bytes.count
        guard self.unfinishedBytes <= self.maxReplyBytes else {
            return RedisError(.replyTooLarge, "A reply of Redis is larger than maxReplyBytes; ask for less at once or raise the limit.")
        }
        // redisReaderFeed copies; it reads `count` bytes from the pointer and keeps neither.
        let code = unsafe redisReaderFeed(self.reader, start.assumingMemoryBound(to: CChar.self), bytes.count)
        return code == REDIS_OK ? nil : self.failure()
    }

    /// The next reply of the bytes given so far.
    @inline(__always)
    func next() -> Step {
        var object: UnsafeMutableRawPointer?
        // read.h: REDIS_OK with a null object means that bytes are missing. The object is our builder's address, nothing to free.
        guard unsafe redisReaderGetReply(self.reader, &object) == REDIS_OK else { return .failed(self.failure()) }
        guard unsafe object != nil else { return .needsMore }
        self.unfinishedBytes = unsafe self.reader.pointee.len - self.reader.pointee.pos
        guard let reply = self.builder.take() else {
            return .failed(
                RedisError(.protocolViolation, Self.notRedis, mayHaveExecuted: true, underlying: "a kind of reply that RESP2 lacks"))
        }
        return .reply(reply)
    }

    private func failure() -> RedisError {
        let text = unsafe withUnsafeBytes(of: self.reader.pointee.errstr) { raw in
            unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(.protocolViolation, Self.notRedis, mayHaveExecuted: true, underlying: text)
    }

    static let notRedis = "What answers at this address does not speak the Redis protocol as it should; check host and port."
}

extension redisReplyObjectFunctions {
    /// Callbacks that hand each node to the `ReplyBuilder` behind `privdata`. The object they return is only asked for not being null.
    fileprivate static var buildingSwiftValues: redisReplyObjectFunctions {
        var functions = redisReplyObjectFunctions()
        unsafe functions.createString = { task, bytes, count in
            unsafe build(task) { builder in
                let text = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
                switch unsafe task?.pointee.type {
                case REDIS_REPLY_STATUS: builder.add(.status(unsafe String(decoding: text, as: UTF8.self)))
                case REDIS_REPLY_ERROR: builder.add(.error(RedisServerError(text: unsafe String(decoding: text, as: UTF8.self))))
                default: builder.add(.bytes(unsafe Array(text)))
                }
            }
        }
        unsafe functions.createArray = { task, count in
            unsafe build(task) { $0.beginArray(count: Int(count)) }
        }
        unsafe functions.createInteger = { task, value in
            unsafe build(task) { $0.add(.integer(value)) }
        }
        unsafe functions.createNil = { task in
            unsafe build(task) { $0.add(.null) }
        }
        unsafe functions.freeObject = { _ in }
        return functions
    }
}

/// Recovers the builder. A null result makes hiredis report an error, so a task without one is safe.
@inline(__always)
private func build(_ task: UnsafePointer<redisReadTask>?, _ body: (ReplyBuilder) -> Void) -> UnsafeMutableRawPointer? {
    guard let privdata = unsafe task?.pointee.privdata else { return nil }
    unsafe Unmanaged<ReplyBuilder>.fromOpaque(privdata)._withUnsafeGuaranteedRef { builder in body(builder) }
    return unsafe privdata
}
