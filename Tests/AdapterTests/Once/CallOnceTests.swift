import JSON
import Locked
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Adapter

@Suite("Calls that act are made once", .timeLimit(.minutes(1)))
struct CallOnceTests {
    private let clock = ManualClock()
    private static let order: [(String, JSONValue)] = [("nft", "Ape"), ("quantity", "1")]

    private func adapter(_ store: any SessionStore, _ upstream: any UpstreamAPI) -> BedrockAdapter {
        BedrockAdapter(store: store, router: ActionRouter(schema: ActionEvents.shop), upstream: upstream, clock: self.clock)
    }

    private func store() async throws -> MemoryStore {
        let store = MemoryStore(clock: self.clock)
        let event = BedrockEvents.api("POST", wallet: BedrockEvents.wallet)
        #expect(try await BedrockAdapter(store: store, clock: self.clock).reply(to: event).status == "stored")
        return store
    }

    private func event(_ body: [(String, JSONValue)] = Self.order, text: String = "Buy me an ape", session: String = BedrockEvents.session)
        -> JSONValue
    {
        var event = ActionEvents.api("POST", "/orders", body: body, session: session)
        event["inputText"] = .string(text)
        return event
    }

    @Test("an event that is delivered again is answered from memory, and the API is asked once")
    func retried() async throws {
        let store = try await self.store()
        let upstream = RecordingUpstream(201, #"{"order":"o-1"}"#)
        let first = try await self.adapter(store, upstream).reply(to: self.event())
        // Another process, after a retry of Lambda's: the order of properties and the spelling of a number do not matter.
        let second = try await self.adapter(store, upstream).reply(to: self.event([("quantity", "1.0"), ("nft", "Ape")]))
        #expect(first.bodyText == #"{"order":"o-1"}"# && second.bodyText == first.bodyText && second.code == 201)
        #expect(upstream.requests.count == 1)
    }

    @Test("another text, session, value or operation is another call")
    func different() async throws {
        let store = try await self.store()
        let upstream = RecordingUpstream()
        let adapter = self.adapter(store, upstream)
        for event in [
            self.event(), self.event(text: "Buy me another one"), self.event([("nft", "Ape"), ("quantity", "2")]),
            ActionEvents.api("DELETE", "/orders/{id}", [("id", "1")]), ActionEvents.api("DELETE", "/orders/{id}", [("id", "2")]),
        ] { _ = try await adapter.reply(to: event) }
        #expect(upstream.requests.count == 5)
        for _ in 0..<2 { _ = try await adapter.reply(to: ActionEvents.api("GET", "/nfts/{owner}")) }
        #expect(upstream.requests.count == 7)
    }

    @Test("a minute later it is a new call")
    func window() async throws {
        let store = try await self.store()
        let upstream = RecordingUpstream()
        let adapter = self.adapter(store, upstream)
        _ = try await adapter.reply(to: self.event())
        self.clock.advance(by: .seconds(59))
        _ = try await adapter.reply(to: self.event())
        #expect(upstream.requests.count == 1)
        self.clock.advance(by: .seconds(3))
        _ = try await adapter.reply(to: self.event())
        #expect(upstream.requests.count == 2)
    }

    @Test("of many that come at once exactly one calls, and the others say that they do not know")
    func race() async throws {
        let store = try await self.store()
        let gate = Gate()
        let upstream = RecordingUpstream { (_) throws(UpstreamError) in
            await gate.pass()
            return UpstreamAnswer(status: 200, contentType: "application/json", body: Array("{}".utf8))
        }
        let racing = ReadsFirst(store, readers: 16)
        let adapter = self.adapter(racing, upstream)
        let event = self.event()
        let answers = try await withThrowingTaskGroup(of: BedrockReply.self) { group in
            for _ in 0..<16 { group.addTask { try await adapter.reply(to: event) } }
            var answers: [BedrockReply] = []
            for try await answer in group {
                answers.append(answer)
                // All but the one that waits for the API.
                if answers.count == 15 { gate.open() }
            }
            return answers
        }
        #expect(upstream.requests.count == 1)
        #expect(answers.filter { $0.status == "outcome_unknown" }.count == 15 && answers.filter { $0.bodyText == "{}" }.count == 1)
    }

    @Test("a call whose outcome is not known is not made again: the process ended in the middle of it")
    func interrupted() async throws {
        let store = try await self.store()
        let upstream = RecordingUpstream { (_) throws(UpstreamError) in throw UpstreamError(.cancelled, mayHaveBeenDone: true) }
        // The outcome could not be noted either.
        let failing = FinishFails(store)
        _ = try await self.adapter(failing, upstream).reply(to: self.event())
        let healthy = RecordingUpstream()
        let retried = try await self.adapter(store, healthy).reply(to: self.event())
        #expect(retried.code == 503 && retried.status == "outcome_unknown" && healthy.requests.isEmpty)
    }

    @Test("what was never sent may be tried again; what timed out may not")
    func failures() async throws {
        let store = try await self.store()
        let sent = Locked(false)
        let upstream = RecordingUpstream { (_) throws(UpstreamError) in
            throw sent.withLock { $0 }
                ? UpstreamError(.timedOut, mayHaveBeenDone: true) : UpstreamError(.unreachable, mayHaveBeenDone: false)
        }
        let adapter = self.adapter(store, upstream)
        for _ in 0..<2 { #expect(try await adapter.reply(to: self.event()).message.contains("Nothing was done")) }
        sent.withLock { $0 = true }
        for _ in 0..<2 { #expect(try await adapter.reply(to: self.event()).message.contains("not known whether")) }
        #expect(upstream.requests.count == 3)
    }

    @Test("without a memory nothing is called: it could not be told whether it was before")
    func outage() async throws {
        let upstream = RecordingUpstream()
        let store = try await self.store()
        for failure in [SessionStoreError.Code.unavailable, .throttled, .outcomeUnknown] {
            let reply = try await self.adapter(CallsFail(store, failure), upstream).reply(to: self.event())
            #expect(reply.code == 503 && reply.message.contains("not begun"))
        }
        #expect(upstream.requests.isEmpty)
    }

    @Test("a long answer is not kept, but that it was given is; users do not see any of it in their session")
    func longAnswer() async throws {
        let store = try await self.store()
        let upstream = RecordingUpstream(200, "[\"\(String(repeating: "a", count: 5000))\"]")
        let adapter = self.adapter(store, upstream)
        let first = try await adapter.reply(to: self.event())
        #expect(first.bodyText.utf8.count > 5000)
        let second = try await adapter.reply(to: self.event())
        #expect(second.status == "done" && second.message.contains("not repeated") && upstream.requests.count == 1)
        let session = try await store.session(.session(SessionID(BedrockEvents.session)))
        #expect(session?.data.keys.allSatisfy { $0.hasPrefix("wallet") } == true)
    }

    @Test("an answer is given again as it was, whatever its form")
    func storedAnswers() {
        let answers = [
            ActionAnswer(.succeeded(204), "The action was done."), ActionAnswer(.invalid, "No.", fields: [.init("detail", "\"x\"")]),
            ActionAnswer(content: ActionContent(text: "two\nlines")),
            ActionAnswer(.succeeded(201), content: ActionContent(json: ["a": [1, nil, "ä"]])),
            ActionAnswer(.unavailable, ""),
        ]
        for answer in answers { #expect(StoredAnswer.decode(StoredAnswer.encode(answer)) == answer) }
        for text in [
            "", "{}", "[]", #"{"word":"a","http":200,"message":"b","state":"c"}"#, #"{"word":"a","http":1.5,"message":"b","state":"done"}"#,
        ] {
            #expect(StoredAnswer.decode(text) == nil)
        }
    }
}

/// Lets no call's mark be written before so many have looked for one.
private struct ReadsFirst: SessionStore {
    let base: MemoryStore
    let readers: Int
    let reads = Observed(0)

    init(_ base: MemoryStore, readers: Int) {
        self.base = base
        self.readers = readers
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let session = try await self.base.read(read)
        guard case .call = read.key else { return session }
        self.reads.change { $0 += 1 }
        let readers = self.readers
        do { try await self.reads.wait(until: { $0 >= readers }) } catch { throw SessionStoreError(.cancelled, "cancelled") }
        return session
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult { try await self.base.write(write) }
}

/// Takes marks of calls, and loses their outcomes.
private struct FinishFails: SessionStore {
    let base: MemoryStore

    init(_ base: MemoryStore) { self.base = base }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? { try await self.base.read(read) }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        if case .call = write.key, case .update(let set, _) = write.change, set["answer"] != nil {
            throw SessionStoreError(.unavailable, "gone")
        }
        return try await self.base.write(write)
    }
}

/// Refuses everything about calls.
private struct CallsFail: SessionStore {
    let base: MemoryStore
    let code: SessionStoreError.Code

    init(_ base: MemoryStore, _ code: SessionStoreError.Code) {
        self.base = base
        self.code = code
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? { try await self.base.read(read) }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        if case .call = write.key { throw SessionStoreError(self.code, "refused") }
        return try await self.base.write(write)
    }
}
