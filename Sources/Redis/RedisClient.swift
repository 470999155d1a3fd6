public import EventLoop
internal import Locked
public import Logging

/// A client of one Redis, for any number of tasks, over one pipelined connection.
///
/// Commands that tasks send in one turn of the loop leave in one write, and replies are matched in order: concurrency is all the batching
/// there is to do. The connection is opened by the first command, or by `connect()`, and replaced when it breaks. Methods may be called
/// from any executor; from a task on the loop (`Task(executorPreference: loop)`) they cost no thread hop.
///
/// A caller that is cancelled, or whose deadline passes, leaves without touching the connection that others share: within 10 ms of its
/// cancellation if nothing arrives from Redis, within 0.1 s if replies keep coming without its own.
public final class RedisClient: Sendable {
    /// The loop that it runs on.
    public let loop: UVLoop
    /// Where its Redis is, and its limits.
    public let configuration: RedisConfiguration

    private let connection: LoopBound<Connection>
    private let misconfiguration: RedisError?
    let credentialSource: (any RedisCredentialSource)?
    private let published = Locked(RedisConnectionState.disconnected)

    /// A client that is not connected yet. Settings that `RedisConfiguration.validate()` refuses make its commands throw.
    ///
    /// - Parameter credentialSource: makes the credentials of each connection, in place of those of the configuration. An IAM identity needs one.
    public init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)? = nil
    ) {
        self.loop = loop
        self.configuration = configuration
        self.credentialSource = credentialSource
        do throws(RedisError) {
            try configuration.validate()
            if configuration.iam != nil, credentialSource == nil { throw .noCredentialSource }
            self.misconfiguration = nil
        } catch {
            self.misconfiguration = error
        }
        let connection = Connection(
            loop: loop, configuration: configuration, logger: logger, credentialSource: credentialSource, published: self.published)
        self.connection = LoopBound(connection, loop: loop)
    }

    deinit {
        // A client that was forgotten must not leave its socket behind.
        self.loop.execute { [connection] in connection.value.close() }
    }

    /// What the connection is doing at this moment.
    public var connectionState: RedisConnectionState {
        self.published.withLock { $0 }
    }

    /// Opens the connection unless it is open, waiting up to `connectTimeout`. Commands do so by themselves: this is for doing it early.
    public func connect() async throws(RedisError) {
        guard self.connectionState != .ready else { return }
        _ = try await self.perform(ConnectCommand(), timeout: self.configuration.connectTimeout)
    }

    /// Ends the connection; whoever waits gets `.closed`, and so does every later command. Safe to call again.
    public func close() async {
        await withCheckedContinuation { continuation in
            self.loop.execute { [connection] in
                connection.value.close()
                continuation.resume()
            }
        }
    }

    /// Runs `work` with the connection: on the loop at once, from elsewhere in the loop's next turn.
    func onConnection(_ work: @escaping @Sendable (Connection) -> Void) {
        if self.loop.isOnLoop { work(self.connection.value) } else { self.loop.execute { [connection] in work(connection.value) } }
    }

    /// Sends a command and returns its reply. An error reply is thrown.
    func perform(_ command: some Command, timeout: Duration? = nil, ranScript: Bool = false) async throws(RedisError) -> RedisAnswer {
        let outcome = await unsafe withUnsafeContinuation { continuation in
            unsafe self.start(command, timeout: timeout, continuation)
        }
        return try await outcome.answer(ranScript: ranScript)
    }

    /// Hands a command to the connection: on the loop at once, from elsewhere in the loop's next turn.
    @inline(__always)
    func start(_ command: some Command, timeout: Duration?, _ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        if let misconfiguration { return unsafe continuation.resume(returning: .failure(misconfiguration)) }
        // A task that was cancelled before sends nothing.
        if Task.isCancelled { return unsafe continuation.resume(returning: .failure(.callerCancelled)) }
        if self.loop.isOnLoop {
            unsafe self.connection.value.submit(command, timeout: timeout, caller: .prompt(continuation, looks: 0))
        } else {
            self.loop.execute { [connection] in
                unsafe connection.value.submit(command, timeout: timeout, caller: .prompt(continuation, looks: 0))
            }
        }
    }
}
