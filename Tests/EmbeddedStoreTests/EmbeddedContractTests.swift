import EmbeddedStore
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
}
