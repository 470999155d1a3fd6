internal import EventLoop
package import Logging

/// What a Redis tells of changes to keys with a prefix: client tracking in RESP2.
///
/// One connection tracks (BCAST: every key with the prefix, whoever reads it) and redirects what there is to tell to a second one, which is subscribed to
/// `__redis__:invalidate`. Neither is the client's own: several feeds may stand beside one client, and a connection can only track for one. Should one of the
/// two end, or the client's own, which might next lead to another server, nothing is known any more until all three are there again.
/// https://redis.io/docs/latest/develop/reference/client-side-caching/
package final class InvalidationFeed: Sendable {
    /// What happened, in its order, on the loop.
    package enum Event: Hashable, Sendable {
        /// From now on every change is told.
        case began
        /// No longer.
        case ended
        /// A key with the prefix has changed.
        case changed(key: [UInt8])
        /// Every key may have: FLUSHALL, FLUSHDB.
        case everythingChanged
    }

    private let client: RedisClient
    private let prefix: [UInt8]
    private let logger: Logger
    private let handler: @Sendable (Event) -> Void

    /// How often the two are asked whether they are there, and how long they have to answer.
    private static let pulse = Duration.milliseconds(500)
    private static let patience = Duration.seconds(1)
    static let channel = Array("__redis__:invalidate".utf8)

    /// A feed beside `client`. Nothing is sent before `run`.
    package init(
        client: RedisClient, prefix: [UInt8], logger: Logger, handler: @escaping @Sendable (Event) -> Void
    ) {
        self.client = client
        self.prefix = prefix
        self.logger = logger
        self.handler = handler
    }

    /// Keeps the feed up until the task is cancelled, the client closed, or the server refuses, which is logged once.
    package func run() async {
        var machine = FeedMachine()
        while !Task.isCancelled {
            let ending = await self.session(&machine)
            let step = machine.ended(ending, jitter: .random(in: 0..<1))
            if let line = step.line { self.log(line, ending) }
            guard let pause = step.pause else { return }
            do { try await self.client.loop.sleep(for: pause) } catch { return }
        }
    }

    private func log(_ line: FeedMachine.Line, _ ending: FeedMachine.Ending) {
        let error: Logger.Metadata = [RedisLogKey.error: "\(ending)"]
        switch line {
        case .refused: self.logger.warning("the near cache stays off: this Redis refuses client tracking", metadata: error)
        case .cluster: self.logger.warning("the near cache stays off: this Redis is a cluster, where each node tells of its own keys only")
        case .lost: self.logger.notice("the near cache is off until Redis tells of changes again", metadata: error)
        case .back: self.logger.notice("the near cache is on")
        }
    }

    /// From the first connection to the end of one of them.
    private func session(_ machine: inout FeedMachine) async -> FeedMachine.Ending {
        let (tracker, listener) = (self.connection(), self.connection())
        let watch = LoopBound(FeedWatch(handler: self.handler), loop: self.client.loop)
        let ended: @Sendable () -> Void = { watch.value.ended() }
        listener.observe(message: { watch.value.received($0) }, ended: ended)
        tracker.observe(ended: ended)
        let observer = self.client.observe(ended: ended)
        let ending: FeedMachine.Ending
        do throws(RedisError) {
            ending = try await self.track(tracker, listener, watch, &machine)
        } catch {
            ending = .failed(error)
        }
        watch.value.ended()
        self.client.forget(observer)
        await tracker.close()
        await listener.close()
        return ending
    }

    private func connection() -> RedisClient {
        var configuration = self.client.configuration
        configuration.commandTimeout = Self.patience
        return RedisClient(
            loop: self.client.loop, configuration: configuration, logger: Logger(label: "", factory: Self.silent),
            credentialSource: self.client.credentialSource)
    }

    private func track(
        _ tracker: RedisClient, _ listener: RedisClient, _ watch: LoopBound<FeedWatch>, _ machine: inout FeedMachine
    ) async throws(RedisError) -> FeedMachine.Ending {
        try await self.client.connect()
        try await tracker.connect()
        try await listener.connect()
        watch.value.arm()
        let server = try await self.server()
        if server.isCluster { return .cluster }
        let identity = try await listener.perform(Self.command("CLIENT", "ID"))
        guard case .integer(let id) = identity.reply else { throw .unexpected("CLIENT ID") }
        guard case .array = try await listener.perform(RawCommand(arguments: [Array("SUBSCRIBE".utf8), Self.channel])).reply else {
            throw .unexpected("SUBSCRIBE")
        }
        let words = Self.command("CLIENT", "TRACKING", "ON", "REDIRECT", "\(id)", "BCAST", "PREFIX").arguments
        let answer = try await tracker.perform(RawCommand(arguments: words + [self.prefix]))
        // One name may lead to several servers.
        guard watch.value.isIntact, answer.epoch == identity.epoch, server.epoch == identity.epoch else { return .lost }
        watch.value.began()
        if machine.began() == .back { self.log(.back, .lost) }
        while watch.value.isIntact {
            do { try await self.client.loop.sleep(for: Self.pulse) } catch { return .lost }
            guard watch.value.isIntact else { break }
            _ = try await tracker.perform(Self.command("PING"))
            _ = try await listener.perform(Self.command("PING"))
        }
        return .lost
    }

    /// What the client's own connection leads to.
    private func server() async throws(RedisError) -> (isCluster: Bool, epoch: UInt64) {
        do {
            let answer = try await self.client.perform(Self.command("INFO", "server"), timeout: Self.patience)
            guard case .bytes(let text) = answer.reply else { return (false, answer.epoch) }
            return (InfoText.properties(of: text)["redis_mode"] == "cluster", answer.epoch)
        } catch {
            // Who may not ask is not told, by any of the connections.
            if error.code == .permission || error.code == .refused { return (false, 0) }
            throw error
        }
    }

    private static func command(_ words: String...) -> RawCommand {
        RawCommand(arguments: words.map { Array($0.utf8) })
    }

    /// The second connection's attempts are this feed's affair: it says in one line what there is to say.
    private static let silent: @Sendable (String) -> any LogHandler = { _ in SwiftLogNoOpLogHandler() }
}

/// What the connections say, on the loop, in order.
final class FeedWatch {
    private let handler: (InvalidationFeed.Event) -> Void
    private var isArmed = false
    private var hasBegun = false
    /// All connections are those that they were when the watch was armed.
    private(set) var isIntact = true

    init(handler: @escaping (InvalidationFeed.Event) -> Void) {
        self.handler = handler
    }

    /// All connections stand. What ends from now on counts.
    func arm() {
        self.isArmed = true
    }

    func began() {
        self.hasBegun = true
        self.handler(.began)
    }

    /// One of them has ended.
    func ended() {
        guard self.isArmed, self.isIntact else { return }
        self.isIntact = false
        if self.hasBegun { self.handler(.ended) }
    }

    /// A message: the keys that have changed, or null for all.
    func received(_ message: RedisReply) {
        guard case .array(let parts) = message, parts.count == 3, parts[1] == .bytes(InvalidationFeed.channel) else { return }
        guard case .array(let keys) = parts[2] else { return self.handler(.everythingChanged) }
        for case .bytes(let key) in keys { self.handler(.changed(key: key)) }
    }
}

extension RedisReply {
    /// Whether a subscribed connection was sent this unasked.
    var isMessage: Bool {
        guard case .array(let parts) = self, parts.count == 3, case .bytes(let kind) = parts[0] else { return false }
        return kind == Array("message".utf8)
    }
}
