import AWS
import Dynamo
import EventLoop
import Logging
import SessionStore

/// A store on a table at some address, which answers every GetItem with a session.
struct RemoteTable {
    private let store: DynamoStore
    private let key: SessionKey

    init(_ endpoint: String, loop: UVLoop) throws {
        self.store = try Self.store(endpoint, loop: loop, clock: SystemClock())
        self.key = .session(try SessionID("3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b7e21"))
    }

    static func store(_ endpoint: String, loop: UVLoop, clock: SystemClock) throws -> DynamoStore {
        // One request for each read: that is what is measured.
        var configuration = DynamoConfiguration(table: "bench", region: "eu-central-1", endpoint: endpoint, batchesReads: false)
        // A stall of the machine is not.
        (configuration.readDeadline, configuration.attemptDeadline, configuration.writeBudget) = (.seconds(20), .seconds(20), .seconds(20))
        return try DynamoStore(
            loop: loop, configuration: configuration,
            credentials: AWSCredentials(accessKeyID: "BENCHACCESSKEY000000", secretAccessKey: "a key of the length that a real one has."),
            environment: Environment([:]), clock: clock, logger: Logger(label: "bench"))
    }

    /// Signed GetItems.
    func read(until end: Flag) async throws -> Int {
        var count = 0
        while !end.isSet {
            guard try await self.store.session(self.key, consistency: .strong) != nil else { throw Failure("the table has no session") }
            count += 1
        }
        return count
    }
}
