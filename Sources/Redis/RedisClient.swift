public import EventLoop
internal import Locked
public import Logging

/// A client of one Redis, for any number of tasks, over one pipelined connection.
///
/// Commands that tasks send in one turn of the loop leave in one write, and replies are matched in order: concurrency is all the batching
/// there is to do. The connection is opened by the first command, or by `connect()`, and replaced when it breaks. Methods may be called
/// from any executor; from a task on the loop (`Task(executorPreference: loop)`) they cost no thread hop.
///
/// A caller that is cancelled, or whose deadline passes, leaves without touching the connection that others share.
public final class RedisClient: Sendable {
    /// The loop that it runs on.
    public let loop: UVLoop
    /// Where its Redis is, and its limits.
    public let configuration: RedisConfiguration

    private let connection: LoopBound<Connection>
    private let misconfiguration: RedisError?
    private let published = Locked(RedisConnectionState.disconnected)

    /// A client that is not connected yet. Settings that `RedisConfiguration.validate()` refuses make its commands throw.
    public init(loop: UVLoop, configuration: RedisConfiguration, logger: Logger) {
        self.loop = loop
        self.configuration = configuration
        do throws(RedisError) {
            try configuration.validate()
            self.misconfiguration = nil
        } catch {
            self.misconfiguration = error
        }
        let connection = Connection(loop: loop, configuration: configuration, logger: logger, published: self.published)
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

    /// Sends a command and returns its reply. An error reply is thrown.
    func perform(_ command: some Command, timeout: Duration? = nil, ranScript: Bool = false) async throws(RedisError) -> RedisAnswer {
        if let misconfiguration { throw misconfiguration }
        let outcome =
            if self.loop.isOnLoop {
                await self.performHere(command, timeout: timeout)
            } else {
                await self.performElsewhere(command, timeout: timeout)
            }
        switch outcome {
        case .reply(.error(let error), _): throw RedisError(server: error, ranScript: ranScript)
        case .reply(let reply, let epoch): return RedisAnswer(reply: reply, epoch: epoch)
        case .failure(let error): throw error
        }
    }

    /// On the loop: the command is queued before this suspends.
    @inline(__always)
    private func performHere(_ command: some Command, timeout: Duration?) async -> CommandOutcome {
        let ticket = self.connection.value.nextTicket()
        return await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                let caller = unsafe Caller(continuation)
                // A cancellation before this line found no ticket to take back; one after it comes from another thread, after this job.
                guard !Task.isCancelled else { return caller.resume(.failure(.callerCancelled)) }
                self.connection.value.submit(command, ticket: ticket, timeout: timeout, caller: caller)
            }
        } onCancel: {
            self.loop.execute { [connection] in connection.value.leave(ticket: ticket) }
        }
    }

    /// From another thread: the command travels to the loop, and so does a cancellation, which may arrive first.
    private func performElsewhere(_ command: some Command, timeout: Duration?) async -> CommandOutcome {
        let place = LoopBound(RemotePlace(), loop: self.loop)
        return await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                let caller = unsafe Caller(continuation)
                self.loop.execute { [connection] in
                    guard !place.value.hasLeft else { return caller.resume(.failure(.callerCancelled)) }
                    let ticket = connection.value.nextTicket()
                    place.value.ticket = ticket
                    connection.value.submit(command, ticket: ticket, timeout: timeout, caller: caller)
                }
            }
        } onCancel: {
            self.loop.execute { [connection] in
                place.value.hasLeft = true
                if let ticket = place.value.ticket { connection.value.leave(ticket: ticket) }
            }
        }
    }
}

/// Where the command of a task on another thread is.
private final class RemotePlace {
    var ticket: UInt64?
    var hasLeft = false
}
