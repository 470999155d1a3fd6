import AWS
import Dispatch
import Dynamo
import EventLoop
import JSON
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

/// A table behind HTTP that knows every session, answers at once, and has its requests counted.
private func table(
    _ reply: @escaping @Sendable (HTTPLoopback.Request, [String]) -> HTTPLoopback.Reply? = { _, _ in nil }
) throws -> HTTPLoopback {
    @Sendable func item(_ id: String) -> String { #"{"session_id":{"S":"\#(id)"},"data":{"M":{"id":{"S":"\#(id)"}}},"version":{"N":"1"}}"# }
    return try HTTPLoopback { request in
        guard let body = try? JSONValue(parsing: request.body) else { return .answer(500) }
        let keys = (body["RequestItems"]?.members?.first?.value["Keys"]?.elements ?? [body["Key"] ?? .null])
            .compactMap { $0["session_id"]?["S"]?.string }
        if let special = reply(request, keys) { return special }
        guard request["x-amz-target"] == "DynamoDB_20120810.BatchGetItem" else { return .answer(200, [], #"{"Item":\#(item(keys[0]))}"#) }
        return .answer(
            200, [], #"{"Responses":{"NFTBedrockSessions":[\#(keys.map(item).joined(separator: ","))]},"UnprocessedKeys":{}}"#)
    }
}

private let denied = HTTPLoopback.Reply.answer(
    400, [], #"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User arn:x is not authorized"}"#)

private func withStore<Result>(
    _ table: HTTPLoopback, _ configuration: DynamoConfiguration = DynamoConfiguration(), logger: Logger = Logger(label: "test"),
    _ body: (DynamoStore, UVLoop) async throws -> Result
) async throws -> Result {
    let loop = try UVLoop(name: "dynamo-test")
    var configuration = configuration
    (configuration.region, configuration.endpoint, configuration.readDeadline) = ("us-east-1", table.url, .seconds(50))
    let store = try DynamoStore(
        loop: loop, configuration: configuration, credentials: AWSCredentials(accessKeyID: "id", secretAccessKey: "secret"),
        environment: Environment([:]), clock: SystemClock(), logger: logger)
    do {
        let result = try await body(store, loop)
        await store.close()
        await loop.shutdown()
        return result
    } catch {
        await loop.shutdown()
        throw error
    }
}

private func keys(_ count: Int) throws -> [SessionKey] {
    try (0..<count).map { .session(try SessionID("session-\($0)")) }
}

/// Reads all of them at once; how many were answered rightly.
private func readAll(_ keys: [SessionKey], _ store: some SessionStore, on executor: (any TaskExecutor)?) async throws -> Int {
    try await withThrowingTaskGroup(of: Bool.self) { group in
        for key in keys {
            group.addTask(executorPreference: executor) {
                try await store.session(key)?.data == ["id": .string(key.rawValue)]
            }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
}

@Suite("A table in a crowd of reads", .timeLimit(.minutes(2)))
struct CrowdedTableTests {
    @Test("10,000 cold sessions read at once are at most 150 requests", arguments: [true, false])
    func cold(onLoop: Bool) async throws {
        let table = try table()
        let keys = try keys(10_000)
        try await withStore(table) { store, loop in
            let answered = try await readAll(keys, store, on: onLoop ? loop : nil)
            #expect(answered == keys.count)
        }
        let requests = table.requests
        #expect(requests.count <= 150, "\(requests.count) requests")
        #expect(requests.contains { $0["x-amz-target"] == "DynamoDB_20120810.BatchGetItem" })
        for request in requests where request["x-amz-target"] == "DynamoDB_20120810.BatchGetItem" {
            let body = try JSONValue(parsing: request.body)
            #expect(body["RequestItems"]?["NFTBedrockSessions"]?["ConsistentRead"] == true)
            #expect((2...100).contains(body["RequestItems"]?["NFTBedrockSessions"]?["Keys"]?.elements?.count ?? 0))
        }
    }

    @Test("one session read 10,000 times at once: one request, and one for all who came after it had left")
    func same() async throws {
        // Nobody is answered before all have asked, and on this clock no time passes meanwhile.
        let gate = Gate()
        let table = CountingTransport(
            ScriptedTransport { operation in
                await gate.pass()
                let item = #"{"session_id":{"S":"session-0"},"data":{"M":{}},"version":{"N":"1"}}"#
                return .success(Array((operation == .getItem ? #"{"Item":\#(item)}"# : "{}").utf8))
            })
        let store = try DynamoStore(
            client: DynamoClient(transport: table), configuration: DynamoConfiguration(), clock: ManualClock(),
            logger: Logger(label: "test"))
        let key = try keys(1)[0]
        let asked = Event()
        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10_000 {
                group.addTask {
                    asked.happened()
                    return try await store.session(key) != nil
                }
            }
            try await asked.wait(times: 10_000)
            gate.open()
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 10_000)
        // One key needs no batch, nor the right to one. The last of the tasks may have asked when the second request had left.
        let sent = table.take()
        #expect((2...3).contains(sent.count) && sent.allSatisfy { $0 == .getItem })
    }

    @Test("without the right to BatchGetItem each is read alone, after one line in the log", arguments: [true, false])
    func denial(asBatch: Bool) async throws {
        let table = try table { request, _ in request["x-amz-target"] == "DynamoDB_20120810.BatchGetItem" ? denied : nil }
        let keys = try keys(120)
        let lines = Observed<[String]>([])
        let logger = Logger(label: "test") { _ in LineLog(lines: lines) }
        try await withStore(table, logger: logger) { store, loop in
            for _ in 0..<2 {
                if asBatch {
                    let answers = try await store.read(batch: keys, as: .anonymous, consistency: .strong)
                    #expect(answers.count == 120 && answers.allSatisfy { (try? $1.get())?.data == ["id": .string($0.rawValue)] })
                } else {
                    let answered = try await readAll(keys, store, on: loop)
                    #expect(answered == 120)
                }
            }
        }
        #expect(lines.value.count { $0.contains("dynamodb:BatchGetItem") } == 1)
        #expect(!lines.value.joined().contains("session-"))
        // Calls, not attempts: on a busy machine an attempt may take so long that another one follows.
        let calls = Dictionary(table.requests.map { ($0["amz-sdk-invocation-id"], $0["x-amz-target"]) }) { $1 }
        let batches = calls.values.count { $0 == "DynamoDB_20120810.BatchGetItem" }
        // Those that had left when the first refusal came; none afterwards.
        #expect((1...17).contains(batches))
        #expect(calls.count - batches == 240)
    }

    @Test("told not to batch, it does not ask for the right")
    func off() async throws {
        let table = try table()
        // As many as there are connections: who waits for one on a slow machine is asked for again after 1.5 s.
        let keys = try keys(60)
        try await withStore(table, DynamoConfiguration(batchesReads: false)) { store, loop in
            let answered = try await readAll(keys, store, on: loop)
            #expect(answered == 60)
            let answers = try await store.read(batch: keys, as: .anonymous, consistency: .strong)
            #expect(answers.count == 60)
        }
        #expect(table.requests.count == 120)
        #expect(table.requests.allSatisfy { $0["x-amz-target"] == "DynamoDB_20120810.GetItem" })
    }

    @Test("keys that a batch leaves unprocessed are asked for again, until each has its answer")
    func unprocessed() async throws {
        let table = try table { request, keys in
            guard keys.count > 7 else { return nil }
            let items = keys[..<7].map { #"{"session_id":{"S":"\#($0)"},"data":{"M":{"id":{"S":"\#($0)"}}},"version":{"N":"1"}}"# }
            let left = keys[7...].map { #"{"session_id":{"S":"\#($0)"}}"# }
            return .answer(
                200, [],
                #"{"Responses":{"NFTBedrockSessions":[\#(items.joined(separator: ","))]},"UnprocessedKeys":{"NFTBedrockSessions":{"ConsistentRead":true,"Keys":[\#(left.joined(separator: ","))]}}}"#
            )
        }
        let keys = try keys(30)
        try await withStore(table) { store, _ in
            let answers = try await store.read(batch: keys, as: .anonymous, consistency: .strong)
            #expect(answers.count == 30 && answers.allSatisfy { (try? $1.get())?.data == ["id": .string($0.rawValue)] })
        }
        #expect(table.requests.count == 5)
    }

    @Test(
        "a batch's answer that is not whole is an error for each of its keys, never an absent session",
        arguments: [
            "{}", "[]", #"{"Responses":[]}"#, #"{"Responses":{},"UnprocessedKeys":{}}"#, #"{"Responses":{"NFTBedrockSessions":{}}}"#,
            #"{"Responses":{"NFTBedrockSessions":[{"session_id":{"S":"another"}}]}}"#, #"{"Responses":{"NFTBedrockSessions":[{}]}}"#,
            #"{"Responses":{"NFTBedrockSessions":[]},"UnprocessedKeys":{"NFTBedrockSessions":{}}}"#,
            #"{"Responses":{"NFTBedrockSessions":[]},"UnprocessedKeys":{"NFTBedrockSessions":{"Keys":[{"session_id":{"S":"another"}}]}}}"#,
            #"{"Responses":{"NFTBedrockSessions":[{"session_id":{"S":"session-0"}},{"session_id":{"S":"session-0"}}]}}"#,
        ])
    func broken(answer: String) async throws {
        let table = try table { _, _ in .answer(200, [], answer) }
        let keys = try keys(3)
        try await withStore(table) { store, _ in
            let answers = try await store.read(batch: keys, as: .anonymous, consistency: .strong)
            #expect(answers.count == 3)
            for (_, answer) in answers { #expect(throws: SessionStoreError.self) { try answer.get() } }
        }
    }

    @Test("a failed batch fails each read that it was for; the next reads ask anew")
    func failure() async throws {
        let table = try table { request, keys in
            keys.count > 1 ? .answer(400, [], #"{"__type":"x#ResourceNotFoundException","message":"quotes session-1"}"#) : nil
        }
        let keys = try keys(50)
        try await withStore(table) { store, loop in
            let codes = await withTaskGroup(of: SessionStoreError.Code?.self) { group in
                for key in keys {
                    group.addTask(executorPreference: loop) {
                        do throws(SessionStoreError) {
                            _ = try await store.session(key)
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1, "the one that left alone")
            #expect(codes.count { $0 == .tableMissing } == 49)
            let again = try await store.session(keys[7])
            #expect(again != nil)
        }
    }

    @Test("a cancelled read ends at once; those it waited with are answered")
    func cancelled() async throws {
        // Nobody is answered before it opens, however often and by which request a read is asked for.
        let door = DispatchGroup()
        door.enter()
        let table = try table { _, _ in
            door.wait()
            return nil
        }
        let keys = try keys(3)
        try await withStore(table) { store, loop in
            let first = Task(executorPreference: loop) { try await store.session(keys[0]) }
            try await table.received(1)
            let leaving = Task(executorPreference: loop) { try await store.session(keys[1]) }
            let staying = Task(executorPreference: loop) { try await store.session(keys[2]) }
            leaving.cancel()
            let error = await #expect(throws: SessionStoreError.self) { try await leaving.value }
            #expect(error?.code == .cancelled)
            door.leave()
            let answers = (try await first.value, try await staying.value)
            #expect(answers.0 != nil && answers.1 != nil)
        }
    }

    @Test("on a real server: what is there, what is not, and what is expired, all read at once", arguments: DynamoServer.kinds)
    func realServer(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let keys = try keys(250)
            let now = table.clock.now.seconds
            for (number, key) in keys.enumerated() where number % 5 != 0 {
                let end = number % 5 == 1 ? now - 10 : now + 1000
                try await table.put(key, ["data": .map(["id": .string(key.rawValue)]), "version": 1, "expiration": .number("\(end)")])
            }
            let counting = CountingTransport(table.transport)
            let store = try table.peer(counting)
            let answers = try await store.read(batch: keys + keys, as: .anonymous, consistency: .strong)
            #expect(counting.take() == Array(repeating: .batchGetItem, count: 3))
            #expect(answers.count == 250)
            for (number, key) in keys.enumerated() {
                let isThere = number % 5 > 1
                #expect(try answers[key]?.get()?.data == (isThere ? ["id": .string(key.rawValue)] : nil))
            }
            let live = keys.enumerated().filter { $0.offset % 5 > 1 }.map(\.element)
            #expect(try await readAll(live, store, on: table.loop) == live.count)
            #expect(counting.take().count <= 1 + live.count / 2)
        }
    }
}
