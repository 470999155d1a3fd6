import AWS
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// Sizes: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats"; limits: "Service, account, and table quotas in Amazon DynamoDB".
@Suite("What is too large is not sent")
struct RequestLimitsTests {
    @Test(
        "an item is as large as its names and values, by type",
        arguments: [
            ([:], 0), (["a": "xyz"], 4), (["ä": "ö"], 4), (["n": 1], 3), (["n": .number("-1")], 4), (["n": .number("123")], 4),
            (["n": .number("1234")], 4), (["n": .number("100")], 3), (["b": .binary([1, 2, 3])], 4), (["t": .bool(true)], 2),
            (["n": .null], 2), (["l": .list([])], 4), (["l": .list([.null, .null])], 8), (["m": .map([:])], 4),
            (["m": .map(["k": "v"])], 7), (["m": .map(["k": .list(["v"])])], 11), (["s": .stringSet(["ab", "c"])], 4),
        ] as [(SessionData, Int)])
    func sizes(item: SessionData, bytes: Int) {
        #expect(RequestLimits.size(of: item) == bytes, "\(item)")
    }

    @Test("an item of 400 KB is sent, one byte more is not")
    func item() async throws {
        let client = DynamoClient(transport: ScriptedTransport { _ in .success(Array("{}".utf8)) })
        let room = 400 * 1024 - "session_id".utf8.count - "s-1".utf8.count - "x".utf8.count
        for (count, fits) in [(room, true), (room + 1, false)] {
            let item: SessionData = ["session_id": "s-1", "x": .string(String(repeating: "y", count: count))]
            let error = await self.error { () throws(DynamoError) in
                try await client.putItem(table: "t", item: item, deadline: .seconds(40))
            }
            #expect(error?.storeError.code == (fits ? nil : .tooLarge))
            #expect(error?.outcome == (fits ? nil : .refused))
        }
    }

    @Test(
        "keys have their limits",
        arguments: [(0, 1, false), (1, 1, true), (2048, 1024, true), (2049, 1, false), (1, 0, false), (1, 1025, false)])
    func keys(partition: Int, sort: Int, fits: Bool) {
        let text = { String(repeating: "k", count: $0) }
        #expect((try? RequestLimits.check(partitionKey: text(partition), sortKey: text(sort))) != nil || !fits)
        if !fits { #expect(throws: DynamoError.self) { try RequestLimits.check(partitionKey: text(partition), sortKey: text(sort)) } }
    }

    @Test("an expression beyond 4 KB or with values beyond 2 MB is refused before it is sent")
    func expression() async throws {
        let client = DynamoClient(
            transport: ScriptedTransport { _ in
                Issue.record("it was sent")
                return .success([])
            })
        let key = SessionKey.session(try SessionID("s-1"))
        var long = Expression()
        for number in 0..<600 { try long.set(long.path(["field-\(number)"]), to: 1) }
        var heavy = Expression()
        try heavy.set(heavy.path(["a"]), to: .string(String(repeating: "x", count: 2 * 1024 * 1024)))
        for expression in [long, heavy] {
            let error = await self.error { () throws(DynamoError) in
                _ = try await client.updateItem(table: "t", key: key, expression, deadline: .seconds(40))
            }
            #expect(error?.storeError.code == .tooLarge && error?.outcome == .refused)
        }
    }

    @Test("a request beyond 16 MB is refused")
    func request() throws {
        try RequestLimits.check(request: [UInt8](repeating: 0, count: 16 << 20))
        #expect(throws: DynamoError.self) { try RequestLimits.check(request: [UInt8](repeating: 0, count: (16 << 20) + 1)) }
    }

    private func error(_ body: () async throws(DynamoError) -> Void) async -> DynamoError? {
        do throws(DynamoError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}
