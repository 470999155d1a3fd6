import EventLoop
import Logging
import SessionStore
import TestSupport
import Testing

@testable import AWS
@testable import Dynamo

/// What a server says that verifies signatures, sessions and rights.
@Suite(
    "A user on a server that verifies", .enabled(if: DynamoServer.kinds.contains(.ministack), "\(DynamoServer.reason)"),
    .timeLimit(.minutes(2)))
struct VerifiedUserTests {
    private static func store(
        _ server: DynamoServer, _ loop: UVLoop, table: String, credentials: AWSCredentials? = nil, environment: [String: String] = [:],
        logger: Logger = Logger(label: "test")
    ) throws -> DynamoStore {
        try DynamoStore(
            loop: loop,
            configuration: DynamoConfiguration(
                table: table, region: "us-east-1", endpoint: server.endpoint, readDeadline: .seconds(40), attemptDeadline: .seconds(40),
                writeBudget: .seconds(50)),
            credentials: credentials, environment: Environment(environment), clock: SystemClock(), logger: logger)
    }

    private static func keys(_ server: DynamoServer) -> AWSCredentials {
        AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey)
    }

    /// A role's keys that end at once: this server takes any length for a session.
    private static func expired(_ server: DynamoServer, _ loop: UVLoop) async throws -> AWSCredentials {
        let role = try #require(server.roleARN, "a server with IAM")
        let settings = ["AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1"]
        let context = CredentialContext(environment: Environment(settings), loop: loop, clock: .system)
        let sts = try STSClient(context, files: nil)
        let keys = try await sts.assume(RoleRequest(arn: role, sessionName: "brief", duration: 0), with: Self.keys(server))
        await context.close()
        return keys
    }

    @Test("a session that has ended is refused, for reads and writes, and the error says to renew it")
    func expiredToken() async throws {
        let server = try await DynamoServer.running(.ministack)
        let loop = try UVLoop(name: "expired")
        let table = DynamoServer.tableName("expired")
        try await Self.store(server, loop, table: table, credentials: Self.keys(server)).createTable()
        // The server forgets an ended session when it begins another one, for whichever test: then it calls the key unknown, and the next try tells.
        var codes: [String] = []
        for _ in 0..<10 where !codes.contains("ExpiredTokenException") {
            let store = try Self.store(server, loop, table: table, credentials: try await Self.expired(server, loop))
            let id = SessionKey.session(try SessionID("s-1"))
            let read = await #expect(throws: SessionStoreError.self) { try await store.session(id) }
            let write = await #expect(throws: SessionStoreError.self) { try await store.update(id, set: ["a": 1]) }
            codes = [read, write].compactMap { ($0?.cause as? DynamoError)?.code }
            guard codes == ["ExpiredTokenException", "ExpiredTokenException"] else { continue }
            for error in [read, write] {
                #expect(error?.code == .accessDenied)
                #expect(error?.message.contains("expired") == true && error?.message.contains("AWS_SESSION_TOKEN") == true)
            }
        }
        #expect(codes == ["ExpiredTokenException", "ExpiredTokenException"])
        await loop.shutdown()
    }

    @Test("the three rights of a function are enough, also for many reads at once: the fourth is asked for once, and missed in one line")
    func threeRights() async throws {
        let server = try await DynamoServer.running(.ministack)
        let rights = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        let limited = try #require(try await server.withUser(allowing: rights), "a server with IAM")
        let loop = try UVLoop(name: "rights")
        let table = DynamoServer.tableName("rights")
        try await Self.store(server, loop, table: table, credentials: Self.keys(server)).createTable()
        let lines = Observed<[String]>([])
        let logger = Logger(label: "test") { _ in LineLog(lines: lines) }
        let store = try Self.store(limited, loop, table: table, credentials: Self.keys(limited), logger: logger)
        let ids = try (0..<40).map { SessionKey.session(try SessionID("session-\($0)")) }
        for id in ids.prefix(20) { try await store.update(id, set: ["id": .string(id.rawValue)]) }
        let user = Caller.user(try UserID("ada"))
        try await store.storeWalletAddress("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", for: SessionID("session-0"), as: user)
        #expect(try await store.getWalletAddress(for: SessionID("session-0"), as: user) != nil)
        try await store.delete(ids[1])
        for _ in 0..<2 {
            let answers = try await store.read(batch: ids, as: .asOperator, consistency: .strong)
            #expect(answers.count == 40)
            #expect(answers.count { (try? $0.value.get()) != nil } == 19)
        }
        #expect(lines.value.count { $0.contains("dynamodb:BatchGetItem") } == 1)
        #expect(store.reader.readsAlone)
        for refused in [
            try await Self.code { _ = try await store.sessions(of: UserID("ada")) }, try await Self.code { try await store.scan { _ in } },
            try await Self.code { try await store.createTable() },
        ] { #expect(refused == .accessDenied) }
        await store.close()
        await loop.shutdown()
    }

    private static func code(_ body: () async throws -> Void) async throws -> SessionStoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? SessionStoreError)?.code
        }
    }
}
