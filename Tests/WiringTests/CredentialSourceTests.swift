import AWS
import Dynamo
import EventLoop
import Logging
import SessionStore
import Settings
import TestSupport
import Testing

@testable import Wiring

@Suite("Stores with credentials of each source", .timeLimit(.minutes(1)))
struct CredentialSourceTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        "a store works the same with credentials of each source, on a server that verifies them",
        .enabled(if: DynamoServer.isAvailable, "no DynamoDB to test against"), arguments: CredentialOrigin.allCases)
    func works(origin: CredentialOrigin) async throws {
        let stage = try CredentialStage(origin, for: try await DynamoServer.running())
        let loop = try UVLoop()
        let settings = Settings(store: .dynamodb, table: DynamoServer.tableName("origin"))
        do {
            let services = try await SessionServices.open(
                settings, loop: loop, environment: Environment(stage.variables), logger: Self.quiet)
            try await services.dynamo?.createTable()
            let id = try SessionID("s-1")
            try await services.store.update(.session(id), set: ["a": "b"])
            #expect(try await services.store.session(.session(id))?.data == ["a": "b"])
            await services.close()
        } catch {
            await loop.shutdown()
            throw error
        }
        await loop.shutdown()
        #expect(stage.platform.requests.isEmpty == ![.container, .instance, .identityCenter].contains(origin))
    }

    @Test("an instance is asked for its region where no setting names one, and only for a table", arguments: [StoreKind.dynamodb, .memory])
    func region(store: StoreKind) async throws {
        let metadata = try HTTPLoopback { request in
            request.method == "PUT"
                ? .answer(200, [], "t") : request.target.hasSuffix("/region") ? .answer(200, [], "eu-north-1") : .answer(404)
        }
        let variables = ["HOME": "/nowhere", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url, "AWS_METADATA_SERVICE_TIMEOUT": "20"]
        let loop = try UVLoop()
        let services = try await SessionServices.open(
            Settings(store: store, table: "sessions"), loop: loop, environment: Environment(variables), logger: Self.quiet)
        #expect(services.dynamo?.configuration.region == (store == .dynamodb ? "eu-north-1" : nil))
        #expect(metadata.requests.isEmpty == (store == .memory))
        await services.close()
        // A library does the same in two steps.
        let located = await DynamoConfiguration(table: "sessions").located(loop: loop, environment: Environment(variables))
        #expect(located.region == "eu-north-1")
        #expect(
            await DynamoConfiguration(region: "us-west-1").located(loop: loop, environment: Environment(variables)).region == "us-west-1")
        let off = variables.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }
        #expect(await DynamoConfiguration().located(loop: loop, environment: Environment(off)).region == nil)
        await #expect(throws: SettingsError.self) {
            try await SessionServices.open(
                Settings(store: .dynamodb, table: "sessions"), loop: loop, environment: Environment(off), logger: Self.quiet)
        }
        await loop.shutdown()
    }
}
