import CacheStore
import EmbeddedStore
import EventLoop
import Logging
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@Suite("The store on SQLite keeps the contract", .timeLimit(.minutes(2)))
struct EmbeddedContractTests {
    let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    @Test("alone on its file", arguments: SessionStoreContract.checks)
    func alone(check: ContractCheck) async throws {
        let clock = ManualClock()
        let store = try EmbeddedStore(path: self.folder.file("sessions.db"), clock: clock)
        try await check.run(on: ContractSubject(store, clock: clock))
        store.close()
    }

    @Test("with two others on the same file", arguments: SessionStoreContract.checks)
    func shared(check: ContractCheck) async throws {
        let clock = ManualClock()
        let path = self.folder.file("sessions.db")
        let stores = try (0..<3).map { _ in try EmbeddedStore(path: path, busyTimeout: .seconds(30), clock: clock) }
        try await check.run(on: ContractSubject(stores[0], peers: Array(stores[1...]), clock: clock))
        for store in stores { store.close() }
    }

    @Test("behind two caches", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)))
    func cached() async throws {
        let server = try RedisServer()
        let loop = try UVLoop()
        var patient = RedisConfiguration(port: server.port)
        patient.commandTimeout = .seconds(20)
        let redis = RedisClient(loop: loop, configuration: patient, logger: Logger(label: "test"))
        let report = try await SessionStoreContract.run {
            let clock = ManualClock()
            let name = DynamoServer.tableName("embedded")
            let base = FaultyStore(try EmbeddedStore(path: self.folder.file("\(name).db"), clock: clock))
            let caches = try (0..<2).map { _ in
                try CacheStore(
                    base: base, redis: redis, configuration: CacheConfiguration(table: name), clock: clock, logger: Logger(label: "test"))
            }
            return ContractSubject(caches[0], peers: [caches[1]], clock: clock, outage: { base.setOutage($0) })
        }
        #expect(report.leftOut.isEmpty)
        await redis.close()
        await loop.shutdown()
    }
}
