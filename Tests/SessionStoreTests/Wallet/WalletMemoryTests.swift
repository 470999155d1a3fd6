import SessionStore
import SessionStoreTesting
import Testing

@Suite("The memory of a wallet", .timeLimit(.minutes(1)))
struct WalletMemoryTests {
    static let addresses = ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"]

    let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
    let store: MemoryStore
    let memory: WalletMemory
    let first: WalletAddress
    let second: WalletAddress
    let monday: SessionID
    let tuesday: SessionID
    let ann: UserID
    let bob: UserID

    init() throws {
        self.store = MemoryStore(clock: self.clock)
        self.memory = WalletMemory(self.store, clock: self.clock)
        self.first = try WalletAddress(Self.addresses[0])
        self.second = try WalletAddress(Self.addresses[1])
        self.monday = try SessionID("monday")
        self.tuesday = try SessionID("tuesday")
        self.ann = try UserID("ann")
        self.bob = try UserID("bob")
    }

    private func wallet(_ session: SessionID, _ caller: Caller) async throws -> (WalletAddress, RecalledWallet.Source)? {
        guard case .wallet(let recalled) = try await self.memory.recall(session: session, as: caller) else { return nil }
        return (recalled.wallet, recalled.source)
    }

    @Test("nothing is remembered at first")
    func nothing() async throws {
        for caller in [Caller.anonymous, .user(self.ann), .asOperator] {
            #expect(try await self.memory.recall(session: self.monday, as: caller) == .none(forgottenAt: nil))
        }
        #expect(self.store.count == 0)
    }

    @Test("without a user the session remembers, and no other session does")
    func sessionOnly() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .anonymous)
        let recalled = RecalledWallet(wallet: self.first, source: .session, updatedAt: self.clock.now, staleness: nil)
        #expect(try await self.memory.recall(session: self.monday, as: .anonymous) == .wallet(recalled))
        #expect(try await self.memory.recall(session: self.tuesday, as: .anonymous) == .none(forgottenAt: nil))
        #expect(self.store.count == 1)
    }

    @Test("with a user the memory and the session both have it, and the next session knows")
    func bothItems() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        for key in [SessionKey.user(self.ann), .session(self.monday)] {
            let item = try await self.store.session(key, as: .user(self.ann))
            let dated = SessionValue.number(String(self.clock.now.milliseconds))
            #expect(item?.data == ["wallet_address": .string(self.first.text), "wallet_updated_at": dated])
            #expect(item?.owner == self.ann)
        }
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.0 == self.first)
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.1 == .memory)
        #expect(try await self.wallet(self.tuesday, .user(self.bob)) == nil)
    }

    @Test("the memory outranks an older copy in the user's own session")
    func olderCopy() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        self.clock.advance(by: .seconds(1))
        try await self.memory.remember(self.second, session: self.tuesday, as: .user(self.ann))
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.second)
    }

    @Test("the address before a change and the time of the change are kept, until the wallet is forgotten", arguments: [true, false])
    func previous(hasUser: Bool) async throws {
        let caller: Caller = hasUser ? .user(self.ann) : .anonymous
        try await self.memory.remember(self.first, session: self.monday, as: caller)
        self.clock.advance(by: .seconds(1))
        try await self.memory.remember(self.first, session: self.monday, as: caller)
        let key = hasUser ? SessionKey.user(self.ann) : .session(self.monday)
        #expect(try await self.store.session(key, as: caller)?.data[WalletFields.previous] == nil, "the same address is no change")
        self.clock.advance(by: .seconds(1))
        try await self.memory.remember(self.second, session: self.monday, as: caller)
        for key in [key, .session(self.monday)] {
            let data = try await self.store.session(key, as: caller)?.data
            #expect(data?[WalletFields.previous] == .string(self.first.text))
            #expect(data?[WalletFields.changedAt]?.integer == self.clock.now.milliseconds)
        }
        self.clock.advance(by: .seconds(1))
        try await self.memory.remember(self.second, session: self.monday, as: caller)
        let changed = try await self.store.session(key, as: caller)?.data[WalletFields.changedAt]?.integer
        #expect(changed == (self.clock.now - .seconds(1)).milliseconds)
        try await self.memory.forget(session: self.monday, as: caller)
        let texts = try await self.store.session(key, as: caller)?.data.values.compactMap(\.string)
        #expect(texts?.isEmpty == true, "an address is left")
    }

    @Test("a session's copy counts where the memory has no record")
    func copyCounts() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .anonymous)
        let found = try await self.wallet(self.monday, .user(self.ann))
        #expect(found?.0 == self.first)
        #expect(found?.1 == .session)
        #expect(try await self.store.session(.user(self.ann), as: .user(self.ann)) == nil, "reading writes nothing to the memory")
    }

    @Test("a session from before its user was known, with another wallet, is a conflict until the user decides")
    func conflict() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        try await self.memory.remember(self.second, session: self.tuesday, as: .anonymous)
        guard case .conflict(let session, let memory) = try await self.memory.recall(session: self.tuesday, as: .user(self.ann)) else {
            Issue.record("no conflict was reported")
            return
        }
        #expect(session.wallet == self.second && session.source == .session)
        #expect(memory.wallet == self.first && memory.source == .memory)
        #expect(try await self.store.getWalletAddress(for: self.tuesday, as: .user(self.ann)) == self.first)

        // Another write claims the session; the memory stays as it was.
        try await self.store.update(.session(self.tuesday), set: ["other": "1"], as: .user(self.ann))
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.first)
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.0 == self.first)

        try await self.memory.remember(self.second, session: self.tuesday, as: .user(self.ann))
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.second)
    }

    @Test("the same wallet on both sides is no conflict, however it was spelled")
    func noConflict() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        try await self.store.update(.session(self.tuesday), set: ["wallet_address": .string(self.first.text.lowercased())])
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.1 == .memory)
    }

    @Test("forgetting outranks older copies in every session, also undated ones")
    func forgetting() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .anonymous)
        try await self.store.update(.session(self.tuesday), set: ["wallet_address": .string(self.second.text)])
        self.clock.advance(by: .seconds(1))
        let other = try SessionID("wednesday")
        try await self.memory.remember(self.first, session: other, as: .user(self.ann))
        self.clock.advance(by: .seconds(1))
        #expect(try await self.memory.forget(session: other, as: .user(self.ann)))
        for session in [self.monday, self.tuesday, other] {
            #expect(try await self.memory.recall(session: session, as: .user(self.ann)) == .none(forgottenAt: self.clock.now))
        }
        #expect(try await self.store.session(.session(other), as: .user(self.ann))?.data == [:])
        #expect(try await !self.memory.forget(session: other, as: .user(self.ann)))

        // What is given afterwards counts again.
        self.clock.advance(by: .seconds(1))
        try await self.memory.remember(self.second, session: self.monday, as: .anonymous)
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.second)
        try await self.memory.remember(self.first, session: other, as: .user(self.ann))
        #expect(try await self.wallet(self.tuesday, .user(self.ann)) == nil, "the undated copy is a conflict now")
        #expect(try await self.store.session(.user(self.ann), as: .user(self.ann))?.data["wallet_forgotten_at"] == nil)
    }

    @Test("a copy dated by a fast clock is forgotten as well")
    func fastClock() async throws {
        let later = self.clock.now + .seconds(90)
        let data: SessionData = ["wallet_address": .string(self.first.text), "wallet_updated_at": .number(String(later.milliseconds))]
        try await self.store.update(.session(self.monday), set: data)
        try await self.memory.forget(session: self.monday, as: .user(self.ann))
        #expect(try await self.memory.recall(session: self.monday, as: .user(self.ann)) == .none(forgottenAt: later))
    }

    @Test("forgetting without a user clears the session, and begins none")
    func forgettingAnonymously() async throws {
        #expect(try await !self.memory.forget(session: self.monday, as: .anonymous))
        #expect(self.store.count == 0)
        try await self.memory.remember(self.first, session: self.monday, as: .anonymous)
        #expect(try await self.memory.forget(session: self.monday, as: .anonymous))
        #expect(try await self.store.session(.session(self.monday))?.data == [:])
    }

    @Test("another user's session is refused, and no memory is touched on its behalf")
    func foreignSession() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        for caller in [Caller.user(self.bob), .anonymous] {
            for call in 0..<3 {
                let error = await #expect(throws: SessionStoreError.self) {
                    switch call {
                    case 0: _ = try await self.memory.recall(session: self.monday, as: caller)
                    case 1: try await self.memory.remember(self.second, session: self.monday, as: caller)
                    default: try await self.memory.forget(session: self.monday, as: caller)
                    }
                }
                #expect(error?.code == .notOwner)
            }
        }
        #expect(try await self.store.session(.user(self.bob), as: .user(self.bob)) == nil)
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.first)
    }

    @Test("an operator acts on the memory of the session's owner")
    func operators() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        #expect(try await self.wallet(self.monday, .asOperator)?.1 == .memory)
        try await self.memory.remember(self.second, session: self.monday, as: .asOperator)
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.0 == self.second)
        try await self.memory.forget(session: self.monday, as: .asOperator)
        #expect(try await self.wallet(self.tuesday, .user(self.ann)) == nil)
    }

    @Test(
        "a stored address that is none is an error, not a wallet, and giving it again heals it",
        arguments: [
            SessionValue.string("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee"), .string("unknown"), .number("5"), .bool(true), .list([]),
        ])
    func malformed(value: SessionValue) async throws {
        try await self.store.update(.session(self.monday), set: ["wallet_address": value])
        let error = await #expect(throws: SessionStoreError.self) { try await self.wallet(self.monday, .anonymous) }
        #expect(error?.code == .malformedItem)
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.first)
        // Where the memory knows, a broken copy in an old session does not matter.
        try await self.store.update(.session(self.tuesday), set: ["wallet_address": value])
        #expect(try await self.wallet(self.tuesday, .user(self.ann))?.0 == self.first)
    }

    @Test("null and empty addresses of older programs count as none", arguments: [SessionValue.null, ""])
    func empty(value: SessionValue) async throws {
        try await self.store.update(.session(self.monday), set: ["wallet_address": value])
        #expect(try await self.memory.recall(session: self.monday, as: .anonymous) == .none(forgottenAt: nil))
    }

    @Test("a copy that is served because the table is down says how old it is")
    func stale() throws {
        let data: SessionData = ["wallet_address": .string(self.first.text)]
        let fresh = Session(key: .user(self.ann), data: data, owner: self.ann, origin: .cache(age: .seconds(3)))
        let old = Session(key: .session(self.monday), data: [:], owner: self.ann, origin: .stale(age: .seconds(100)))
        guard case .wallet(let recalled) = WalletRecollection(try FieldRules.recall(.wallet, memory: .some(fresh), session: old)) else {
            Issue.record("the wallet was not recalled")
            return
        }
        #expect(recalled.staleness == .seconds(100))
        #expect(
            WalletRecollection(try FieldRules.recall(.wallet, memory: .some(fresh), session: nil))
                == .wallet(
                    RecalledWallet(wallet: self.first, source: .memory, updatedAt: nil, staleness: nil)))
    }

    @Test("when the session cannot be written, the call throws and the memory has the new wallet already")
    func halfWritten() async throws {
        try await self.memory.remember(self.first, session: self.monday, as: .user(self.ann))
        let failing = WalletMemory(SessionWritesFail(base: self.store), clock: self.clock)
        await #expect(throws: SessionStoreError.self) {
            try await failing.remember(self.second, session: self.monday, as: .user(self.ann))
        }
        #expect(try await self.wallet(self.monday, .user(self.ann))?.0 == self.second)
        await #expect(throws: SessionStoreError.self) { try await failing.forget(session: self.monday, as: .user(self.ann)) }
        #expect(try await self.wallet(self.monday, .user(self.ann)) == nil)
    }
}

private struct SessionWritesFail: SessionStore {
    let base: MemoryStore

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? { try await self.base.read(read) }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        try await self.base.read(batch: keys, as: caller, consistency: consistency)
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        guard write.key.memoryOwner != nil else { throw SessionStoreError(.unavailable, "sessions cannot be written in this test") }
        return try await self.base.write(write)
    }
}
