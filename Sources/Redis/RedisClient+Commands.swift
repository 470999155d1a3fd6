extension RedisClient {
    /// GET: the value of a key, or `nil` if there is none.
    @inlinable
    @inline(__always)
    public func get(_ key: [UInt8]) async throws(RedisError) -> [UInt8]? {
        let outcome = await unsafe awaitOutcome { continuation in unsafe self.startGet(key, continuation) }
        switch outcome {
        case .reply(.bytes(let value), _): return value
        default: return try await self.value(outcome, of: RedisKey(key)).value
        }
    }

    /// GET, with the epoch of the connection that answered.
    package func getWithEpoch(_ key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        switch await self.ask(key) {
        case .value(let value, let epoch): (value, epoch)
        case .unsettled(let asked): try await self.settle(asked, of: key)
        }
    }

    /// The first half of a GET, which most often is all of it: sends it, and waits for what comes. Other than `get` it does not look whether its task was cancelled
    /// before: a reply that comes all the same is cheaper than the question.
    package func ask(_ key: RedisKey) async -> AskedValue {
        await self.ask { waiter in self.get(prefix: key.prefix, name: key.name, for: waiter) }
    }

    /// The same; `send` has it sent, by one call of `get(prefix:name:for:)`. What belongs to the key stays out of the asynchronous function, where each use of
    /// it would count references.
    ///
    /// Inlined into its caller, to whom it would otherwise be one more asynchronous return: 400 instructions. It ends with what it waited for, unseen: the task looks
    /// for its executor before it goes on after each wait, 290 instructions, and this way its caller alone does.
    @inlinable
    @inline(__always)
    package func ask(_ send: (GetWaiter) -> Void) async -> AskedValue {
        AskedValue(await unsafe awaitOutcome { continuation in unsafe send(GetWaiter(continuation)) })
    }

    /// Sends the GET that `waiter` waits for, of the key of these two parts.
    package func get(prefix: [UInt8], name: String, for waiter: GetWaiter) {
        unsafe self.start(GetCommand(key: RedisKey(prefix: prefix, name: name)), waiter.continuation)
    }

    /// The second half: what a GET comes to in the end.
    package func settle(_ asked: AskedValue.Unsettled, of key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        try await self.value(asked.outcome, of: key)
    }

    /// Queues a GET, whose outcome resumes `continuation`.
    @usableFromInline
    func startGet(_ key: [UInt8], _ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        // A task that was cancelled before sends nothing.
        if Task.isCancelled { return unsafe continuation.resume(returning: .failure(.callerCancelled)) }
        unsafe self.start(GetCommand(key: RedisKey(key)), continuation)
    }

    /// What GET answers where the outcome is not simply a value.
    @usableFromInline
    func value(_ outcome: CommandOutcome, of key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        if case .reply(.null, let epoch) = outcome { return (nil, epoch) }
        let answer = try await self.recover(GetCommand(key: key), from: outcome)
        switch answer.reply {
        case .bytes(let value): return (value, answer.epoch)
        case .null: return (nil, answer.epoch)
        case .status, .integer, .array, .error: throw .unexpected("GET")
        }
    }

    /// SET: stores a value, with a condition and an expiry if asked. Returns whether it was stored: `false` only if the condition did not
    /// hold.
    @discardableResult
    public func set(
        _ key: [UInt8],
        to value: [UInt8],
        condition: RedisSetCondition = .always,
        expiry: RedisExpiry = .none
    ) async throws(RedisError) -> Bool {
        switch try await self.perform(SetCommand(key: key, value: value, condition: condition, expiry: expiry)).reply {
        case .status("OK"): true
        case .null: false
        case .status, .integer, .bytes, .array, .error: throw .unexpected("SET")
        }
    }

    /// DEL: removes keys. Returns how many there were; none for an empty list, which is not sent. In a cluster the keys of each slot are removed on their
    /// own: an error may come after others were removed, and has `mayHaveExecuted` then.
    @discardableResult
    public func delete(_ keys: [[UInt8]]) async throws(RedisError) -> Int {
        try await self.inParts(keys, Self.delete).reduce(0) { $0 + $1.result }
    }

    private static func delete(_ client: RedisClient, _ keys: [[UInt8]]) async throws(RedisError) -> Int {
        guard case .integer(let count) = try await client.perform(RawCommand(arguments: [Array("DEL".utf8)] + keys)).reply else {
            throw .unexpected("DEL")
        }
        return Int(count)
    }

    /// MGET: the values of keys, in their order, `nil` for a key that there is none of. In a cluster the keys of each slot are asked for on their own.
    public func get(_ keys: [[UInt8]]) async throws(RedisError) -> [[UInt8]?] {
        var values = [[UInt8]?](repeating: nil, count: keys.count)
        for (places, part) in try await self.inParts(keys, Self.get) {
            for (place, value) in zip(places, part) { values[place] = value }
        }
        return values
    }

    private static func get(_ client: RedisClient, _ keys: [[UInt8]]) async throws(RedisError) -> [[UInt8]?] {
        guard case .array(let elements) = try await client.perform(RawCommand(arguments: [Array("MGET".utf8)] + keys)).reply,
            elements.count == keys.count
        else { throw .unexpected("MGET") }
        return elements.map { if case .bytes(let value) = $0 { value } else { nil } }
    }

    /// DEL: removes a key. Returns whether there was one.
    @discardableResult
    public func delete(_ key: [UInt8]) async throws(RedisError) -> Bool {
        try await self.delete([key]) == 1
    }

    /// Runs a script by its digest (EVALSHA), and by its source (EVAL) where the server does not know it yet: EVAL makes it known.
    ///
    /// An error that the script ran into is thrown with `mayHaveExecuted`, for what it had done before stays done.
    public func eval(_ script: RedisScript, keys: [[UInt8]], arguments: [[UInt8]]) async throws(RedisError) -> RedisReply {
        try await self.evalWithEpoch(script, keys: keys, arguments: arguments).reply
    }

    /// The same, with the epoch of the connection that answered.
    package func evalWithEpoch(
        _ script: RedisScript, keys: [[UInt8]], arguments: [[UInt8]]
    ) async throws(RedisError) -> RedisAnswer {
        do {
            return try await self.perform(
                ScriptCommand(script: script, bySource: false, keys: keys, arguments: arguments), ranScript: true)
        } catch  where error.code == .noScript {
            return try await self.perform(
                ScriptCommand(script: script, bySource: true, keys: keys, arguments: arguments), ranScript: true)
        }
    }

    /// PING: returns the time that the answer took.
    @discardableResult
    public func ping() async throws(RedisError) -> Duration {
        let start = ContinuousClock.now
        guard case .status("PONG") = try await self.perform(RawCommand(arguments: [Array("PING".utf8)])).reply else {
            throw .unexpected("PING")
        }
        return ContinuousClock.now - start
    }

    /// INFO: the server's properties by name, of one section (`server`, `replication`, ...) or of the default ones.
    public func info(_ section: String? = nil) async throws(RedisError) -> [String: String] {
        let arguments = [Array("INFO".utf8)] + (section.map { [Array($0.utf8)] } ?? [])
        guard case .bytes(let text) = try await self.perform(RawCommand(arguments: arguments)).reply else {
            throw .unexpected("INFO")
        }
        return InfoText.properties(of: text)
    }

    /// Any other command: its name and arguments. An error reply is thrown; errors inside an array stay there.
    ///
    /// In a cluster it goes to the node that has its first key; without a key, to one of the primaries.
    ///
    /// Throws `.invalidCommand`, and sends nothing, for commands that change the shared connection (SELECT, MULTI, SUBSCRIBE, ...) or make
    /// everybody wait (BLPOP, ...).
    ///
    /// - Parameter timeout: instead of the configuration's `commandTimeout`.
    @discardableResult
    public func send(_ arguments: [[UInt8]], timeout: Duration? = nil) async throws(RedisError) -> RedisReply {
        try SharedConnectionRule.check(arguments)
        return try await self.perform(RawCommand(arguments: arguments), timeout: timeout).reply
    }
}
