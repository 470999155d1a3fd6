internal import CHiredis

/// hiredis's incremental parser (`redisReader`), which it was given as bytes arrive and asks for replies.
///
/// Nesting is bounded by hiredis (seven levels), bytes and elements of one reply by limits: a reply that does not come in one slice is looked at by
/// `ReplyFrame` first, so that a length is refused when its line has come, and hiredis is given nothing of what is too much.
@safe
final class ReplyDecoder {
    private let reader: UnsafeMutablePointer<redisReader>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let builder: ReplyBuilder
    private let limits: ReplyFrame.Limits
    /// Bytes given to the parser since the last complete reply.
    private var unfinishedBytes = 0
    /// Of the reply that these bytes began; nil while there is none.
    private var frame: ReplyFrame?

    /// hiredis moves what it has not parsed yet to the front after each kilobyte: given 64 KB at once it would move megabytes per read.
    static let sliceBytes = 4096

    /// What the bytes given so far amount to.
    enum Step {
        case reply(RedisReply)
        case needsMore
        case failed(RedisError)
    }

    /// A parser, or `nil` if there is no memory for one.
    init?(limits: ReplyFrame.Limits) {
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
        self.limits = limits
    }

    deinit {
        unsafe redisReaderFree(self.reader)
        unsafe self.functions.deallocate()
    }

    /// Gives the parser bytes, at best `sliceBytes` at a time, after all replies of the bytes before have been taken.
    @inline(__always)
    func feed(_ slice: UnsafeRawBufferPointer) -> RedisError? {
        guard let start = slice.baseAddress else { return nil }
        if self.unfinishedBytes > 0, let problem = unsafe self.follow(slice) { return RedisError(problem) }
        self.unfinishedBytes += slice.count
        // redisReaderFeed copies; it reads `count` bytes from the pointer and keeps neither.
        let code = unsafe redisReaderFeed(self.reader, start.assumingMemoryBound(to: CChar.self), slice.count)
        return code == REDIS_OK ? nil : unsafe self.failure(slice)
    }

    /// The next reply of the bytes given so far, the last of which were `slice`.
    @inline(__always)
    func next(in slice: UnsafeRawBufferPointer) -> Step {
        var object: UnsafeMutableRawPointer?
        // read.h: REDIS_OK with a null object means that bytes are missing. The object is our builder's address, nothing to free.
        guard unsafe redisReaderGetReply(self.reader, &object) == REDIS_OK else { return .failed(unsafe self.failure(slice)) }
        guard unsafe object != nil else { return self.unfinishedBytes == 0 ? .needsMore : unsafe self.lookAhead(slice) }
        let left = unsafe self.reader.pointee.len - self.reader.pointee.pos
        guard self.unfinishedBytes - left <= self.limits.bytes else { return .failed(RedisError(.tooLarge)) }
        self.unfinishedBytes = left
        if self.frame != nil { self.frame = nil }
        guard let reply = self.builder.take() else { return .failed(RedisError(.resp3)) }
        return .reply(reply)
    }

    /// The slice ends within a reply. What it announces is looked at once: from here on `feed` does.
    @inline(never)
    private func lookAhead(_ slice: UnsafeRawBufferPointer) -> Step {
        if self.frame == nil {
            self.frame = ReplyFrame(limits: self.limits)
            if let problem = unsafe self.follow(UnsafeRawBufferPointer(rebasing: slice.suffix(self.unfinishedBytes))) {
                return .failed(RedisError(problem))
            }
        }
        // The two agree on where replies end; should they ever not, nothing may be believed.
        return self.frame?.isOver == true ? .failed(RedisError(.unknown)) : .needsMore
    }

    @inline(never)
    private func follow(_ bytes: UnsafeRawBufferPointer) -> ReplyProblem? {
        unsafe self.frame?.scan(bytes)
    }

    /// The parser refused. A frame that is given the same bytes knows what they are.
    @inline(never)
    private func failure(_ slice: UnsafeRawBufferPointer) -> RedisError {
        let text = unsafe withUnsafeBytes(of: self.reader.pointee.errstr) { raw in
            unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let problem = self.builder.problem { return RedisError(problem, underlying: text) }
        var frame = ReplyFrame(limits: self.limits)
        let problem = unsafe self.frame == nil ? frame.scan(UnsafeRawBufferPointer(rebasing: slice.suffix(self.unfinishedBytes))) : nil
        return RedisError(problem ?? .unknown, underlying: text)
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
                case REDIS_REPLY_STRING: builder.add(.bytes(unsafe Array(text)))
                case REDIS_REPLY_STATUS: builder.add(.status(unsafe String(decoding: text, as: UTF8.self)))
                case REDIS_REPLY_ERROR: builder.add(.error(RedisServerError(text: unsafe String(decoding: text, as: UTF8.self))))
                default: builder.problem = .resp3
                }
            }
        }
        unsafe functions.createArray = { task, count in
            unsafe build(task) { builder in
                // Newer versions of hiredis call this for maps, sets and pushes too.
                if unsafe task?.pointee.type == REDIS_REPLY_ARRAY {
                    builder.beginArray(count: Int(count))
                } else {
                    builder.problem = .resp3
                }
            }
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
    let isKnown = unsafe Unmanaged<ReplyBuilder>.fromOpaque(privdata)._withUnsafeGuaranteedRef { builder in
        body(builder)
        return builder.problem == nil
    }
    return isKnown ? unsafe privdata : nil
}
