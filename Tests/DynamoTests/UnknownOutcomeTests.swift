import AWS
import Locked
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// Loses or delays what it is told to, on its way to a real table.
final class LossyTransport: DynamoTransport {
    /// What happens to one UpdateItem.
    enum Fate {
        case deliver
        /// The table never sees it.
        case loseRequest
        /// The table applies it, the answer is lost.
        case loseAnswer
        /// The answer is lost; the table sees the request only after the next one was answered.
        case deliverLate
        /// Something happens in the table, then the answer is lost.
        case loseAnswerAfter(@Sendable () async throws -> Void)
        /// The answer says 500 after all.
        case failAfterApplying
    }

    private let base: any DynamoTransport
    private let state: Locked<(fates: [Fate], late: [[UInt8]], sent: [DynamoOperation])>

    init(_ base: any DynamoTransport, _ fates: [Fate]) {
        self.base = base
        self.state = Locked((fates, [], []))
    }

    var sent: [DynamoOperation] { self.state.withLock { $0.sent } }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        let fate = self.state.withLock { state -> Fate in
            state.sent.append(operation)
            return operation == .updateItem && !state.fates.isEmpty ? state.fates.removeFirst() : .deliver
        }
        let lost = AWSError(.lostAnswer, "lost", outcome: .unknown)
        switch fate {
        case .deliver: break
        case .loseRequest: throw lost
        case .loseAnswer:
            _ = try await self.base.send(operation, body: body, deadline: deadline)
            throw lost
        case .deliverLate:
            self.state.withLock { $0.late.append(body) }
            throw lost
        case .loseAnswerAfter(let event):
            try? await event()
            throw lost
        case .failAfterApplying:
            _ = try await self.base.send(operation, body: body, deadline: deadline)
            throw AWSError(.service, "internal", code: "InternalServerError", status: 500, outcome: .unknown)
        }
        let answer = try await self.base.send(operation, body: body, deadline: deadline)
        if operation == .updateItem {
            for late in self.state.withLock({ state in state.late.map { $0 } }) {
                _ = try? await self.base.send(.updateItem, body: late, deadline: deadline)
            }
            self.state.withLock { $0.late = [] }
        }
        return answer
    }
}

@Suite("Lost answers", .enabled(if: DynamoServer.isAvailable, "\(DynamoServer.reason)"), .timeLimit(.minutes(2)))
struct UnknownOutcomeTests {
    private let key: SessionKey

    init() throws {
        self.key = .session(try SessionID("session-1"))
    }

    @Test("a write that was applied is acknowledged once it was read back, and happens once", arguments: DynamoServer.kinds)
    func applied(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let first = try await table.store.update(self.key, set: ["a": 1])
            for fate in [LossyTransport.Fate.loseAnswer, .failAfterApplying] {
                let before = try #require(try await table.store.session(self.key)?.version)
                let lossy = LossyTransport(table.transport, [fate])
                let result = try await table.peer(lossy).write(
                    SessionWrite(self.key, .update(set: ["b": 2], remove: []), basis: .live(before)))
                #expect(result.version == SessionVersion(before.rawValue + 1))
                #expect(result.session?.data == ["a": 1, "b": 2])
                #expect(lossy.sent == [.updateItem, .getItem])
            }
            #expect(first.changed)
        }
    }

    @Test(
        "a write that never arrived is sent again under the same fence, new sessions and deletions as well", arguments: DynamoServer.kinds)
    func neverArrived(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            var lossy = LossyTransport(table.transport, [.loseRequest, .loseRequest])
            let created = try await table.peer(lossy).update(self.key, set: ["a": 1])
            #expect(created.session?.data == ["a": 1])
            #expect(lossy.sent == [.updateItem, .getItem, .updateItem, .getItem, .updateItem])
            lossy = LossyTransport(table.transport, [.loseRequest])
            let deleted = try await table.peer(lossy).delete(self.key)
            #expect(deleted.version == created.version.map { SessionVersion($0.rawValue + 1) })
            #expect(try await table.store.session(self.key) == nil)
            lossy = LossyTransport(table.transport, [.loseAnswer])
            _ = try await table.store.update(self.key, set: ["a": 2])
            #expect(try await table.peer(lossy).delete(self.key).changed)
            #expect(lossy.sent == [.getItem, .updateItem, .getItem])
        }
    }

    @Test("a first attempt that arrives late changes nothing any more", arguments: DynamoServer.kinds)
    func late(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let first = try await table.store.update(self.key, set: ["a": 1])
            let lossy = LossyTransport(table.transport, [.deliverLate])
            let result = try await table.peer(lossy).write(
                SessionWrite(self.key, .update(set: ["a": 2], remove: []), basis: .live(first.version)))
            #expect(result.version == first.version.map { SessionVersion($0.rawValue + 1) })
            #expect(try await table.store.session(self.key)?.version == result.version)
        }
    }

    @Test(
        "a write that somebody else's write may have covered is an unknown outcome, and does not overwrite it",
        arguments: DynamoServer.kinds)
    func movedOn(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let first = try await table.store.update(self.key, set: ["a": 1])
            let lossy = LossyTransport(table.transport, [.loseAnswerAfter { try await table.store.update(self.key, set: ["a": 3]) }])
            let store = try table.peer(lossy)
            let write = SessionWrite(self.key, .update(set: ["a": 2], remove: []), basis: .live(first.version))
            await #expect { try await store.write(write) } throws: { ($0 as? SessionStoreError)?.code == .outcomeUnknown }
            #expect(try await table.store.session(self.key)?.data == ["a": 3])
        }
    }

    @Test(
        "of many writers whose requests and answers are lost at random, every acknowledged field is kept, and each version is given once",
        arguments: DynamoServer.kinds, [1, 2, 3] as [UInt64])
    func campaign(kind: DynamoServer.Kind, seed: UInt64) async throws {
        try await LiveTable.with(kind) { table in
            var random = SeededGenerator(seed: seed)
            var stores: [DynamoStore] = []
            for _ in 0..<6 {
                let fates = (0..<40).map { _ -> LossyTransport.Fate in
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0: .loseRequest
                    case 1: .loseAnswer
                    case 2: .deliverLate
                    case 3: .failAfterApplying
                    default: .deliver
                    }
                }
                stores.append(try table.peer(LossyTransport(table.transport, fates)))
            }
            let outcomes = await withTaskGroup(of: [(field: String, version: SessionVersion?)].self) { group in
                for (writer, store) in stores.enumerated() {
                    group.addTask { await self.write(6, as: writer, store) }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            let acknowledged = outcomes.filter { $0.version != nil }
            let data = try await table.store.session(self.key)?.data ?? [:]
            #expect(acknowledged.allSatisfy { data[$0.field] != nil }, "an acknowledged field is lost; seed \(seed)")
            #expect(Set(acknowledged.map(\.version)).count == acknowledged.count, "a version was given twice; seed \(seed)")
            #expect(acknowledged.count > outcomes.count / 4)
        }
    }

    /// Writes fields one after the other; nil: the outcome is unknown.
    private func write(_ count: Int, as writer: Int, _ store: DynamoStore) async -> [(field: String, version: SessionVersion?)] {
        var outcomes: [(field: String, version: SessionVersion?)] = []
        for index in 0..<count {
            let field = "field\(writer).\(index)"
            do throws(SessionStoreError) {
                outcomes.append((field, try await store.update(self.key, set: [field: 1]).version))
            } catch {
                if error.code != .outcomeUnknown { Issue.record(error) }
                outcomes.append((field, nil))
            }
        }
        return outcomes
    }

    @Test("what runs before each attempt runs each time, and ends the write when it throws", arguments: DynamoServer.kinds)
    func beforeAttempt(kind: DynamoServer.Kind) async throws {
        try await LiveTable.with(kind) { table in
            let count = Locked(0)
            var write = SessionWrite(self.key, .update(set: ["a": 1], remove: []))
            write.beforeAttempt = { count.withLock { $0 += 1 } }
            _ = try await table.peer(LossyTransport(table.transport, [.loseRequest])).write(write)
            #expect(count.withLock { $0 } == 2)
            let lossy = LossyTransport(table.transport, [])
            write.beforeAttempt = { () throws(SessionStoreError) in throw SessionStoreError(.unavailable, "no intent") }
            await #expect(throws: SessionStoreError(.unavailable, "no intent")) { try await table.peer(lossy).write(write) }
            #expect(lossy.sent == [])
        }
    }
}
