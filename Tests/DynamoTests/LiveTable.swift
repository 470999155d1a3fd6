import AWS
import EventLoop
import HTTP
import JSON
import Locked
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport

@testable import Dynamo

/// A wall clock that a test moves, starting at the system's time; waits are real, because a real server answers.
final class ShiftedClock: SessionClock {
    private let base = SystemClock()
    private let instant = Locked(Timestamp(seconds: SystemClock().now.seconds))

    var now: Timestamp { self.instant.withLock { $0 } }
    var uptime: Duration { self.base.uptime }

    func sleep(for duration: Duration) async throws {
        try await self.base.sleep(for: duration)
    }

    func advance(by duration: Duration) {
        self.instant.withLock { $0 = $0 + duration }
    }
}

/// How a server answers a failed condition.
enum FailedConditionStyle: String, CaseIterable, Sendable {
    /// With the item.
    case item
    /// Without, as older ones do.
    case bare
}

/// Takes the item out of the body of a failed condition.
struct BareTransport: DynamoTransport {
    let base: any DynamoTransport

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        do throws(AWSError) {
            return try await self.base.send(operation, body: body, deadline: deadline)
        } catch {
            var bare = error
            if var answer = try? JSONValue(parsing: error.body) {
                answer["Item"] = nil
                bare.body = answer.encoded
            }
            throw bare
        }
    }
}

/// A table of its own on a real server, and a store on it.
struct LiveTable: Sendable {
    let server: DynamoServer
    let loop: UVLoop
    let name: String
    let transport: any DynamoTransport
    let clock: ShiftedClock
    let store: DynamoStore

    static let timeToLive = Duration.seconds(3600)

    var client: DynamoClient { DynamoClient(transport: self.transport) }

    /// Lends a new table; it does not end items by itself, so that tests may look at expired ones for as long as they like.
    static func with<Result>(
        _ kind: DynamoServer.Kind = .ministack, style: FailedConditionStyle = .item, through proxy: FaultProxy? = nil,
        _ body: (LiveTable) async throws -> Result
    ) async throws -> Result {
        var server = try await DynamoServer.running(kind)
        if let proxy { server.endpoint = "http://127.0.0.1:\(proxy.port)" }
        let loop = try UVLoop(name: "dynamo-test")
        do {
            let http = HTTPClient(loop: loop)
            let service = try Self.service(server, loop, http)
            var transport: any DynamoTransport = DynamoServiceTransport(service: service, metrics: DynamoMetrics())
            if kind == .moto { transport = SerialTransport(transport) }
            if style == .bare { transport = BareTransport(base: transport) }
            let table = try LiveTable(server: server, loop: loop, name: DynamoServer.tableName(), transport: transport)
            try await table.client.createTable(table.name, deadline: .seconds(40))
            let result = try await body(table)
            await http.close()
            await loop.shutdown()
            return result
        } catch {
            await loop.shutdown()
            throw error
        }
    }

    private static func service(_ server: DynamoServer, _ loop: UVLoop, _ http: HTTPClient) throws -> AWSServiceClient {
        let credentials = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey)
        return try AWSServiceClient(
            configuration: AWSServiceConfiguration(service: "dynamodb", region: "us-east-1", endpoint: AWSEndpoint(url: server.endpoint)),
            http: http, loop: loop, credentials: CredentialChain([StaticCredentials(credentials)], now: { AWSClock.system.seconds() }))
    }

    private init(server: DynamoServer, loop: UVLoop, name: String, transport: any DynamoTransport) throws {
        self.server = server
        self.loop = loop
        self.name = name
        self.transport = transport
        self.clock = ShiftedClock()
        self.store = try Self.store(name, transport, self.clock)
    }

    /// Another store on the same table.
    func peer(_ transport: (any DynamoTransport)? = nil) throws -> DynamoStore {
        try Self.store(self.name, transport ?? self.transport, self.clock)
    }

    private static func store(_ name: String, _ transport: any DynamoTransport, _ clock: ShiftedClock) throws -> DynamoStore {
        try DynamoStore(
            client: DynamoClient(transport: transport), configuration: self.configuration(name), clock: clock,
            logger: Logger(label: "test"))
    }

    /// With patience: what is slow here is the machine, not the subject.
    private static func configuration(_ name: String) -> DynamoConfiguration {
        DynamoConfiguration(
            table: name, timeToLive: Self.timeToLive, readDeadline: .seconds(40), attemptDeadline: .seconds(40), writeBudget: .seconds(50))
    }

    /// The item as it is in the table, name by name.
    func item(_ key: SessionKey) async throws -> SessionData? {
        let body: JSONValue = [
            "TableName": .string(self.name), "Key": ["session_id": ["S": .string(key.rawValue)]], "ConsistentRead": true,
        ]
        let answer = try await self.transport.send(.getItem, body: body.encoded, deadline: .seconds(40))
        return try JSONDocument(parsing: answer).withRoot { root in
            try root["Item"].map { try SessionValue.members($0) }
        }
    }

    /// Writes an item as another program would.
    func put(_ key: SessionKey, _ attributes: SessionData) async throws {
        try await self.client.putItem(
            table: self.name, item: attributes.merging(["session_id": .string(key.rawValue)]) { $1 }, deadline: .seconds(40))
    }
}
