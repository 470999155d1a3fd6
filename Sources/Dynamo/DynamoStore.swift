import AWS
package import Logging
public import SessionStore

/// Sessions in a DynamoDB table: the source of truth.
///
/// Reads are consistent always. Writes are UpdateItem under a fence (see `WritePlanner`): lost races are tried again, lost answers are read back.
public final class DynamoStore: SessionStore, TableCreating {
    /// What it works with.
    public let configuration: DynamoConfiguration
    let client: DynamoClient
    let reader: ItemReader
    let clock: any SessionClock
    let logger: Logger
    /// Uniform in 0..<1: the jitter between attempts.
    let random: @Sendable () -> Double
    private let onClose: @Sendable () async -> Void

    /// A store over a client; for tests, and for what brings its own transport. Work that many reads share runs on `executor`.
    package init(
        client: DynamoClient, configuration: DynamoConfiguration, clock: any SessionClock, logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, executor: (any TaskExecutor)? = nil,
        onClose: @escaping @Sendable () async -> Void = {}
    ) throws(SessionStoreError) {
        try configuration.validate()
        self.client = client
        self.reader = ItemReader(
            client: client, configuration: configuration, clock: clock, logger: logger, random: random, executor: executor)
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.random = random
        self.onClose = onClose
    }

    /// Ends all calls with `.closed` and closes the connections. The loop goes on.
    public func close() async {
        await self.onClose()
    }

    /// Reads one session, consistently whatever `consistency` says.
    public func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        try SessionRules.admit(read.caller, to: read.key)
        let item: StoredItem?
        do throws(DynamoError) {
            item = try await self.reader.item(read.key, deadline: self.configuration.readDeadline)
        } catch {
            throw error.storeError
        }
        let now = self.clock.now
        return try SessionRules.answer(read, from: item?.liveRecord(at: now), at: now)
    }

    /// Reads many, a hundred with each request where BatchGetItem is allowed, each key once.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var answers = [SessionKey: Result<Session?, SessionStoreError>](minimumCapacity: keys.count)
        var asked: [SessionKey] = []
        for key in keys {
            // Who may not even ask has no request sent.
            do throws(SessionStoreError) {
                try SessionRules.admit(caller, to: key)
                asked.append(key)
            } catch {
                answers[key] = .failure(error)
            }
        }
        let items = await self.reader.items(asked, deadline: self.configuration.readDeadline)
        let now = self.clock.now
        for (key, item) in items {
            answers[key] = Self.answer(SessionRead(key, as: caller, consistency: consistency), item, now)
        }
        return answers
    }

    private static func answer(
        _ read: SessionRead, _ item: Result<StoredItem?, DynamoError>, _ now: Timestamp
    ) -> Result<Session?, SessionStoreError> {
        do throws(SessionStoreError) {
            return .success(try SessionRules.answer(read, from: item.mapError(\.storeError).get()?.liveRecord(at: now), at: now))
        } catch {
            return .failure(error)
        }
    }
}
