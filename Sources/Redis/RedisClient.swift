public import EventLoop
internal import Locked
public import Logging

/// A client of a Redis, for any number of tasks, over one pipelined connection, or one to each primary of a cluster.
///
/// Whether there is a cluster is found out, not configured: its configuration endpoint, or the address of any node, is enough. Callers see no difference.
/// Commands go to the node that has their key, and follow it when it moves; what a server refuses before it does anything is sent again within the command's
/// deadline, what was lost on the way once, and only if it cannot have been executed or changes nothing. Replicas are not read: a reader has to see
/// what was just written.
///
/// Commands that tasks send in one turn of the loop leave in one write, and replies are matched in order: concurrency is all the batching
/// there is to do. The connection is opened by the first command, or by `connect()`, and replaced when it breaks, when it leads to a server that is no
/// primary any more, and when it turns out to be dead after the process was frozen. Methods may be called from any executor; from a task on the loop (`Task(executorPreference: loop)`) they cost no thread hop.
///
/// A caller that is cancelled, or whose deadline passes, leaves without touching the connection that others share: within 10 ms of its
/// cancellation if nothing arrives from Redis, within 0.1 s if replies keep coming without its own.
public final class RedisClient: Sendable {
    /// The loop that it runs on.
    public let loop: UVLoop
    /// Where its Redis is, and its limits.
    public let configuration: RedisConfiguration

    private let connection: LoopBound<Connection>
    /// GETs on their way to the loop.
    private let inbox = Locked<[GetInTransit]>([])
    private let cluster: LoopBound<Cluster>
    private let misconfiguration: RedisError?
    let credentialSource: (any RedisCredentialSource)?
    private let health = Locked(RedisHealth(state: .disconnected))

    /// A client that is not connected yet. Settings that `RedisConfiguration.validate()` refuses make its commands throw.
    ///
    /// - Parameter credentialSource: makes the credentials of each connection, in place of those of the configuration. An IAM identity needs one.
    public convenience init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)? = nil
    ) {
        self.init(
            loop: loop, configuration: configuration, logger: logger, credentialSource: credentialSource, wallClock: WallClock.now)
    }

    /// The same with another idea of the time of day, beside which the loop's clock shows that the process was frozen.
    package init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)? = nil,
        wallClock: @escaping @Sendable () -> Duration
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
        let cluster = Cluster(
            loop: loop, configuration: configuration, logger: logger, credentialSource: credentialSource, health: self.health,
            wallClock: wallClock)
        self.connection = LoopBound(cluster.entry, loop: loop)
        self.cluster = LoopBound(cluster, loop: loop)
    }

    deinit {
        // A client that was forgotten must not leave its socket behind.
        self.loop.execute { [cluster] in cluster.value.close() }
    }

    /// What the connection is doing at this moment; in a cluster, the one of all that is in most trouble. For readiness checks.
    public var connectionState: RedisConnectionState {
        self.health.withLock { $0.state }
    }

    /// The primaries of the cluster that have slots, and what the connection to each is doing. Empty where there is one server, and while nobody knows.
    public var nodes: [RedisNode] {
        self.health.withLock { $0.nodes }
    }

    /// Opens the connections unless they are open, waiting up to `connectTimeout`. Commands do so by themselves: this is for doing it early. In a cluster it
    /// throws only if no node answers.
    public func connect() async throws(RedisError) {
        guard self.connectionState != .ready else { return }
        _ = try await self.perform(ConnectCommand(), timeout: self.configuration.connectTimeout)
        await self.connectNodes()
    }

    /// Ends the connection. Later commands get `.closed` at once; those that were accepted are answered before, but for what takes longer than
    /// `closeTimeout`: whoever still waits then gets `.closed` too. Safe to call again.
    public func close() async {
        await withCheckedContinuation { continuation in
            self.loop.execute { [cluster] in cluster.value.drain { continuation.resume() } }
        }
    }

    /// Runs `work` with the connection: on the loop at once, from elsewhere in the loop's next turn.
    func onConnection(_ work: @escaping @Sendable (Connection) -> Void) {
        if self.loop.isOnLoop { work(self.connection.value) } else { self.loop.execute { [connection] in work(connection.value) } }
    }

    /// Sends a command and returns its reply. An error reply is thrown.
    func perform(_ command: some Command, timeout: Duration? = nil, ranScript: Bool = false) async throws(RedisError) -> RedisAnswer {
        // A task that was cancelled before sends nothing.
        if Task.isCancelled { throw .callerCancelled }
        let outcome = await unsafe awaitOutcome { continuation in
            unsafe self.start(command, timeout: timeout, continuation)
        }
        if case .reply(let reply, let epoch) = outcome { return RedisAnswer(reply: reply, epoch: epoch) }
        return try await self.recover(command, from: outcome, ranScript: ranScript)
    }

    /// Runs `work` with the connections, on the loop.
    func onLoop(_ work: @escaping @Sendable (Cluster) -> Void) {
        self.loop.execute { [cluster] in work(cluster.value) }
    }

    /// Hands a command to the connection: on the loop at once, from elsewhere in the loop's next turn.
    @inline(__always)
    func start(_ command: some Command, timeout: Duration?, _ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        if unsafe !self.startHere(command, timeout: timeout, continuation) {
            unsafe self.startElsewhere(command, timeout: timeout, continuation)
        }
    }

    /// The same for a GET, of which many come at a time: one piece of work hands all of them over that came meanwhile.
    @inline(__always)
    func start(_ command: GetCommand, _ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        if unsafe !self.startHere(command, timeout: nil, continuation) {
            unsafe self.handOver(GetInTransit(command: command, continuation: continuation))
        }
    }

    /// Hands a command to the connection at once; false anywhere but on the loop's thread.
    @inline(__always)
    private func startHere(_ command: some Command, timeout: Duration?, _ continuation: UnsafeContinuation<CommandOutcome, Never>) -> Bool {
        if let misconfiguration {
            unsafe continuation.resume(returning: .failure(misconfiguration))
            return true
        }
        let started: Void? = self.connection.withValueOnLoop { connection in
            unsafe connection.submit(command, timeout: timeout, caller: .prompt(continuation, looks: 0))
        }
        return started != nil
    }

    @inline(never)
    private func startElsewhere(_ command: some Command, timeout: Duration?, _ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        self.loop.execute { [connection] in
            unsafe connection.value.submit(command, timeout: timeout, caller: .prompt(continuation, looks: 0))
        }
    }

    @inline(never)
    private func handOver(_ get: GetInTransit) {
        let isFirst = self.inbox.withLock { inbox in
            inbox.append(get)
            return inbox.count == 1
        }
        guard isFirst else { return }
        self.loop.execute { [self] in
            var taken: [GetInTransit] = []
            taken.reserveCapacity(64)
            self.inbox.withLock { swap(&$0, &taken) }
            let connection = self.connection.value
            for get in taken { unsafe connection.submit(get.command, timeout: nil, caller: .prompt(get.continuation, looks: 0)) }
        }
    }

    @safe
    private struct GetInTransit: Sendable {
        let command: GetCommand
        let continuation: UnsafeContinuation<CommandOutcome, Never>
    }
}
