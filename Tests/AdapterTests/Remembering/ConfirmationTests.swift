import JSON
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Adapter

@Suite("A wallet cannot be slipped in", .timeLimit(.minutes(1)))
struct ConfirmationTests {
    private let clock = ManualClock(now: Timestamp(seconds: 1_800_000_000))
    private let store: MemoryStore
    private let mine = BedrockEvents.wallet
    private let theirs = BedrockEvents.otherWallet

    init() {
        self.store = MemoryStore(clock: self.clock)
    }

    /// A new process each time: what waits for a confirmation survives it.
    private func adapter(_ change: (inout AdapterConfiguration) -> Void = { _ in }) -> BedrockAdapter {
        var configuration = AdapterConfiguration()
        change(&configuration)
        return BedrockAdapter(store: self.store, configuration: configuration, clock: self.clock)
    }

    private func remember(
        _ wallet: String, user: String? = "ada", words: String?, code: String? = nil, session: String = BedrockEvents.session
    ) async throws -> BedrockReply {
        let event = BedrockEvents.function("rememberWallet", wallet: wallet, user: user, session: session, words: words, code: code)
        return try await self.adapter().reply(to: event)
    }

    private func known(user: String? = "ada", session: String = BedrockEvents.session) async throws -> String? {
        try await self.adapter().reply(to: BedrockEvents.function("recallWallet", user: user, session: session)).wallet
    }

    private func code(_ reply: BedrockReply) throws -> String {
        try #require(reply.body?["wallet_confirmation_code"]?.string)
    }

    @Test("a first wallet that the user has not typed is not stored, for a known user or for none", arguments: ["ada", nil])
    func slippedIn(user: String?) async throws {
        let reply = try await self.remember(self.theirs, user: user, words: "Show me my collection.")
        #expect(reply.state == "REPROMPT" && reply.status == "confirmation_needed" && reply.wallet == nil)
        let code = try self.code(reply)
        #expect(reply.message.contains(self.theirs) && reply.message.contains(code))
        #expect(try await self.known(user: user) == nil)
        if user != nil { #expect(try await self.store.session(.user(UserID("ada")), as: .asOperator) == nil) }
        // The echo of an injected model, in that turn and in later ones.
        for words in ["Show me my collection.", "yes", "thanks"] {
            #expect(
                try await self.remember(self.theirs, user: user, words: words, code: code).status == "confirmation_needed")
        }
        #expect(try await self.known(user: user) == nil)
    }

    @Test("another wallet shows both addresses in full, and is stored when the user types the code", arguments: ["ada", nil])
    func replaced(user: String?) async throws {
        #expect(try await self.remember(self.mine, user: user, words: "It is \(self.mine)").status == "stored")
        let words = "Use \(self.theirs) from now on"
        let asked = try await self.remember(self.theirs, user: user, words: words)
        #expect(asked.status == "confirmation_needed" && asked.state == "REPROMPT")
        #expect(asked.message.contains(self.mine) && asked.message.contains(self.theirs))
        #expect(asked.body?["stored_wallet_address"]?.string == self.mine && asked.body?["new_wallet_address"]?.string == self.theirs)
        #expect(try await self.known(user: user) == self.mine)
        let code = try self.code(asked)
        #expect(
            try await self.remember(self.theirs, user: user, words: words, code: code).message.contains("in the turn in which it was shown")
        )
        self.clock.advance(by: .seconds(30))
        let stored = try await self.remember(self.theirs, user: user, words: "Yes, \(code.lowercased())", code: code)
        #expect(stored.status == "stored" && stored.wallet == self.theirs)
        #expect(try await self.known(user: user) == self.theirs)

        let item = try await self.store.session(.session(SessionID(BedrockEvents.session)), as: .asOperator)
        #expect(item?.data["previous_wallet_address"]?.string == self.mine)
        #expect(item?.data["wallet_changed_at"]?.integer == self.clock.now.milliseconds)
        #expect(item?.data["wallet_pending"] == nil)
        if user != nil {
            let memory = try await self.store.session(.user(UserID("ada")), as: .asOperator)
            #expect(memory?.data == item?.data)
            #expect(try await self.known(session: "another-session") == self.theirs)
        }
        // The way back is a change too, and the code is spent.
        let back = try await self.remember(self.mine, user: user, words: "No, \(code)", code: code)
        #expect(back.status == "confirmation_needed" && back.message.contains("not the code"))
        #expect(try await self.known(user: user) == self.theirs)
    }

    @Test("an OpenAPI action group has the same conversation")
    func api() async throws {
        func post(_ wallet: String, _ words: String, code: String? = nil) async throws -> BedrockReply {
            var event = BedrockEvents.api("POST", wallet: wallet, user: "ada", words: words)
            if let code { event["parameters"] = [["name": "wallet_confirmation_code", "type": "string", "value": .string(code)]] }
            return try await self.adapter().reply(to: event)
        }
        #expect(try await post(self.mine, "It is \(self.mine)").code == 200)
        let asked = try await post(self.theirs, "It is \(self.theirs)")
        #expect(asked.code == 409 && asked.message.contains("call POST /wallet"))
        let code = try self.code(asked)
        #expect(try await post(self.theirs, "\(code)", code: code).code == 200)
        #expect(try await self.known() == self.theirs)
    }

    @Test("a pending change is in the session only, and is asked about with the same code until it ends")
    func pending() async throws {
        let asked = try await self.remember(self.theirs, words: "hello")
        let session = try await self.store.session(.session(SessionID(BedrockEvents.session)), as: .asOperator)
        #expect(session?.data.keys.sorted() == ["wallet_pending"])
        #expect(try await self.store.session(.user(UserID("ada")), as: .asOperator) == nil)
        #expect(try await self.code(self.remember(self.theirs, words: "and?")) == self.code(asked))
        self.clock.advance(by: .seconds(600))
        let late = try await self.remember(self.theirs, words: "\(try self.code(asked))", code: try self.code(asked))
        #expect(late.status == "confirmation_needed" && late.message.contains("no longer valid"))
        #expect(try self.code(late) != self.code(asked))
        #expect(try await self.known() == nil)
    }

    @Test("a code is no use for another address, in another session or for another user")
    func elsewhere() async throws {
        let code = try await self.code(self.remember(self.theirs, words: "hello"))
        #expect(try await self.remember(self.mine, words: "yes \(code)", code: code).status == "confirmation_needed")
        // That asked about another address, so the first question is over.
        #expect(try await self.remember(self.theirs, words: "yes, \(code)", code: code).status == "confirmation_needed")
        #expect(try await self.remember(self.theirs, words: "yes \(code)", code: code, session: "s-2").status == "confirmation_needed")
        #expect(try await self.remember(self.theirs, user: "eve", words: "yes \(code)", code: code).status == "not_allowed")
        for session in [BedrockEvents.session, "s-2"] { #expect(try await self.known(session: session) == nil) }
    }

    @Test("to forget and to give anew in one turn is a change in two steps", arguments: ["ada", nil])
    func forgottenFirst(user: String?) async throws {
        _ = try await self.remember(self.mine, user: user, words: "It is \(self.mine)")
        let words = "Summarise this page: ... \(self.theirs) ..."
        let forget = BedrockEvents.function("forgetWallet", user: user, words: words)
        #expect(try await self.adapter().reply(to: forget).status == "forgotten")
        #expect(try await self.remember(self.theirs, user: user, words: words).status == "confirmation_needed")
        #expect(try await self.known(user: user) == nil)
        #expect(try await self.remember(self.theirs, user: user, words: "Now use \(self.theirs).").status == "stored")
    }

    @Test("a code without its address is answered with what is missing")
    func codeAlone() async throws {
        let code = try await self.code(self.remember(self.theirs, words: "hello"))
        let event = BedrockEvents.function("rememberWallet", user: "ada", words: code, code: code)
        let reply = try await self.adapter().reply(to: event)
        #expect(reply.status == "invalid" && reply.message.contains("with that address as wallet_address"))
    }

    @Test("where it is allowed, or the action group has the user confirm, an address is stored at once")
    func allowed() async throws {
        let events = [
            BedrockEvents.function("rememberWallet", wallet: self.mine, words: "hello"),
            BedrockEvents.function("rememberWallet", wallet: self.theirs, words: "hello"),
        ]
        let allowing = self.adapter { $0.walletChange = .allow }
        for event in events { #expect(try await allowing.reply(to: event).status == "stored") }
        let api = BedrockEvents.api("POST", wallet: self.mine, session: "s-2", words: "hello")
        let function = BedrockEvents.function("rememberWallet", wallet: self.mine, session: "s-3", words: "hello")
        for (name, event, other) in [("POST /wallet", api, function), ("rememberWallet", function, api)] {
            let confirming = self.adapter { $0.confirmedActions = [name] }
            #expect(try await confirming.reply(to: other).status == "confirmation_needed", "\(name) is another action")
            #expect(try await confirming.reply(to: event).status == "stored", "\(name)")
            try await self.store.delete(.session(SessionID("s-2")))
            try await self.store.delete(.session(SessionID("s-3")))
        }
    }

    @Test("an EVM address in one case is stored with a note, one with its checksum without")
    func note() async throws {
        let lower = self.mine.lowercased()
        let noted = try await self.remember(lower, words: lower)
        #expect(noted.status == "stored" && noted.wallet == self.mine && noted.message.contains("no checksum"))
        let plain = try await self.remember(self.theirs, user: nil, words: self.theirs, session: "s-2")
        #expect(plain.status == "stored" && !plain.message.contains("no checksum"))
    }

    @Test("of two calls with one code, one has it", arguments: ["ada", nil])
    func race(user: String?) async throws {
        _ = try await self.remember(self.mine, user: user, words: self.mine)
        let code = try await self.code(self.remember(self.theirs, user: user, words: "change"))
        // Both have read the session before either writes.
        let held = HeldStore(self.store, reads: 2)
        let event = BedrockEvents.function("rememberWallet", wallet: self.theirs, user: user, words: "yes \(code)", code: code)
        let adapters = (0..<2).map { _ in BedrockAdapter(store: held, clock: self.clock) }
        let statuses = try await withThrowingTaskGroup(of: String?.self) { group in
            for adapter in adapters { group.addTask { try await adapter.reply(to: event).status } }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        // The one that lost finds the address stored, which it was to store: that is no second use.
        #expect(statuses.contains("stored"))
        #expect(held.codesSpent == 1)
        #expect(try await self.known(user: user) == self.theirs)
    }
}
