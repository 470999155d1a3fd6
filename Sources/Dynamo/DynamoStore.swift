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
    let clock: any SessionClock
    let logger: Logger
    /// Uniform in 0..<1: the jitter between attempts.
    let random: @Sendable () -> Double
    private let onClose: @Sendable () async -> Void

    /// A store over a client; for tests, and for what brings its own transport.
    package init(
        client: DynamoClient, configuration: DynamoConfiguration, clock: any SessionClock, logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        onClose: @escaping @Sendable () async -> Void = {}
    ) throws(SessionStoreError) {
        try configuration.validate()
        self.client = client
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
            item = try await self.client.getItem(table: self.configuration.table, key: read.key, deadline: self.configuration.readDeadline)
        } catch {
            throw error.storeError
        }
        let now = self.clock.now
        return try SessionRules.answer(read, from: item?.liveRecord(at: now), at: now)
    }

    /// Reads many, `batchConcurrency` at a time.
    public func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var answers: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        await withTaskGroup(of: (SessionKey, Result<Session?, SessionStoreError>).self) { group in
            var waiting = Array(Set(keys))
            var running = 0
            while !waiting.isEmpty || running > 0 {
                if running < self.configuration.batchConcurrency, let key = waiting.popLast() {
                    running += 1
                    group.addTask { (key, await self.result(SessionRead(key, as: caller, consistency: consistency))) }
                } else if let (key, result) = await group.next() {
                    running -= 1
                    answers[key] = result
                }
            }
        }
        return answers
    }

    private func result(_ read: SessionRead) async -> Result<Session?, SessionStoreError> {
        do throws(SessionStoreError) {
            return .success(try await self.read(read))
        } catch {
            return .failure(error)
        }
    }
}
