import AWS
import EventLoop
import JSON
import Logging
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

@Suite("Setting a table up", .timeLimit(.minutes(2)))
struct TableSetupTests {
    private let ready = TableDescription(status: .active, hasSessionKey: true)

    private func code(_ action: TableSetup.Action) -> SessionStoreError.Code? {
        if case .fail(let error) = action { error.code } else { nil }
    }

    @Test("from nothing to an active table with its time to live")
    func fromNothing() {
        var setup = TableSetup(table: "sessions")
        #expect(setup.started() == .describeTable)
        #expect(setup.tableDescribed(nil) == .createTable)
        #expect(setup.tableCreated() == .describeTable)
        #expect(setup.tableDescribed(TableDescription(status: .creating, hasSessionKey: true)) == .wait(TableSetup.interval))
        #expect(setup.waited() == .describeTable)
        #expect(setup.tableDescribed(self.ready) == .describeTimeToLive)
        #expect(setup.timeToLiveDescribed(TimeToLiveDescription(status: .disabled)) == .enableTimeToLive)
        #expect(setup.timeToLiveEnabled() == .describeTimeToLive)
        #expect(setup.timeToLiveDescribed(TimeToLiveDescription(status: .disabling)) == .wait(TableSetup.interval))
        #expect(setup.waited() == .describeTimeToLive)
        #expect(setup.timeToLiveDescribed(TimeToLiveDescription(status: .enabling, attribute: "expiration")) == .done)
    }

    @Test("whoever else creates it at the same time, it is looked at again")
    func underWay() {
        var setup = TableSetup(table: "sessions")
        _ = setup.tableDescribed(nil)
        let refusal = SessionStoreError(.unavailable, "under way")
        for _ in 0..<TableSetup.maximumRefusals { #expect(setup.changeRefused(refusal) == .wait(TableSetup.interval)) }
        #expect(setup.changeRefused(refusal) == .fail(refusal))
        #expect(setup.tableDescribed(TableDescription(status: .deleting, hasSessionKey: false)) == .wait(TableSetup.interval))
        #expect(setup.tableDescribed(TableDescription(status: .updating, hasSessionKey: false)) == .wait(TableSetup.interval))
    }

    @Test("what cannot become a table for sessions is said")
    func unusable() {
        var setup = TableSetup(table: "sessions")
        #expect(self.code(setup.tableDescribed(TableDescription(status: .active, hasSessionKey: false))) == .misconfigured)
        #expect(self.code(setup.tableDescribed(TableDescription(status: .unusable, hasSessionKey: true))) == .unavailable)
        #expect(self.code(setup.timeToLiveDescribed(TimeToLiveDescription(status: .enabled, attribute: "ttl"))) == .misconfigured)
        #expect(self.code(setup.deadlineReached()) == .deadlineExceeded)
    }

    @Test(
        "a table's key is looked at closely",
        arguments: [
            (
                #"{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"session_id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"session_id","AttributeType":"S"}]}"#,
                true
            ),
            (
                #"{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"session_id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"session_id","AttributeType":"N"}]}"#,
                false
            ),
            (
                #"{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}"#,
                false
            ),
            (
                #"{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"session_id","KeyType":"HASH"},{"AttributeName":"x","KeyType":"RANGE"}]}"#,
                false
            ),
            ("{}", false),
        ])
    func keys(text: String, hasSessionKey: Bool) throws {
        let description = try JSONDocument(parsing: Array(text.utf8)).withRoot { TableDescription($0) }
        #expect(description.hasSessionKey == hasSessionKey)
    }

    @Test("who may not create tables is told which rights that takes, not those of using one")
    func refused() async throws {
        let transport = ScriptedTransport { _ in
            .failure(AWSError(.service, "quotes an account", code: "AccessDeniedException", status: 400, outcome: .refused))
        }
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(table: "sessions"), clock: SystemClock(),
            logger: Logger(label: "test"))
        let error = await #expect(throws: SessionStoreError.self) { try await store.createTable() }
        #expect(error?.code == .accessDenied)
        #expect(error?.message.contains("dynamodb:CreateTable") == true)
        #expect(error?.underlying?.contains("AccessDeniedException") == true)
    }

    @Test(
        "on a real server the table is on-demand, encrypted, ends items by their expiration, and may be created again",
        .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), arguments: DynamoServer.kinds)
    func realServer(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            // There already, as another program may have left it: without an end of items. Then whole.
            for _ in 0..<2 { try await table.store.createTable() }
            let request = JSONValue.object([JSONValue.Member("TableName", .string(table.name))]).encoded
            let description = try JSONValue(parsing: try await table.transport.send(.describeTable, body: request, deadline: .seconds(40)))[
                "Table"]
            #expect(description?["BillingModeSummary"]?["BillingMode"]?.string == "PAY_PER_REQUEST")
            #expect(description?["SSEDescription"]?["Status"]?.string == "ENABLED")
            let timeToLive = try JSONValue(
                parsing: try await table.transport.send(.describeTimeToLive, body: request, deadline: .seconds(40)))
            #expect(timeToLive["TimeToLiveDescription"]?["TimeToLiveStatus"]?.string == "ENABLED")
            #expect(timeToLive["TimeToLiveDescription"]?["AttributeName"]?.string == "expiration")
            async let first: Void = table.peer().createTable()
            async let second: Void = table.peer().createTable()
            _ = try await (first, second)
        }
    }
}
