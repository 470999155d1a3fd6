import CacheStore
import EventLoop
import JSON
import Logging
import Redis
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Adapter

/// Random conversations of two users and of nobody in two sessions, held against what the rules promise: a wallet that its user has neither typed nor
/// confirmed in a later turn is never known.
@Suite("Random conversations", .timeLimit(.minutes(2)))
struct RandomConversationTests {
    private static let wallets = [
        BedrockEvents.wallet, BedrockEvents.otherWallet, "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]

    @Test("what was neither typed nor confirmed is never known", arguments: 0..<60)
    func neverKnown(seed: UInt64) async throws {
        var conversation = try Conversation(seed: seed)
        for _ in 0..<60 { try await conversation.step() }
    }

    @Test(
        "nor through a cache", .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), arguments: 5000..<5006)
    func throughCache(seed: UInt64) async throws {
        let server = try RedisServer()
        let loop = try UVLoop()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let redis = RedisClient(loop: loop, configuration: try RedisConfiguration(url: server.url), logger: logger)
        var conversation = try Conversation(seed: seed) { clock in
            try CacheStore(
                base: MemoryStore(clock: clock), redis: redis, configuration: CacheConfiguration(table: "test"), clock: clock,
                logger: logger)
        }
        for _ in 0..<60 { try await conversation.step() }
        await (conversation.store as? CacheStore<MemoryStore>)?.shutdown()
        await redis.close()
        await loop.shutdown()
    }

    @Test("the conversations reach what they are to reach")
    func reached() async throws {
        var marks: Set<Mark> = []
        for seed in 1000..<1030 as Range<UInt64> {
            var conversation = try Conversation(seed: seed)
            for _ in 0..<60 { try await conversation.step() }
            marks.formUnion(conversation.marks)
        }
        #expect(marks == Set(Mark.allCases), "not reached: \(Set(Mark.allCases).subtracting(marks))")
    }

    /// What a conversation has to come by.
    private enum Mark: CaseIterable {
        case storedTyped, confirmed, sameTurn, notTyped, expired, foreign, forgottenInTurn, conflict, kept
    }

    private struct Question {
        var session: String
        var user: String?
        var from: String?
        var to: String
        var code: String
        var words: String
        var until: Timestamp
        var isSpent = false
    }

    private struct Conversation {
        var generator: SeededGenerator
        let seed: UInt64
        let clock = ManualClock(now: Timestamp(seconds: 1_800_000_000))
        let store: any SessionStore
        var questions: [Question] = []
        /// Wallets that somebody typed or confirmed, by session and by user.
        var legitimate: Set<[String]> = []
        var forgotten: [String: Set<String>] = [:]
        var marks: Set<Mark> = []

        init(seed: UInt64, store: (ManualClock) throws -> any SessionStore = { MemoryStore(clock: $0) }) rethrows {
            self.seed = seed
            self.generator = SeededGenerator(seed: seed)
            self.store = try store(self.clock)
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &self.generator)]
        }

        /// A new adapter for each call: nothing is remembered in a process.
        func call(_ event: JSONValue) async throws -> BedrockReply {
            try await BedrockAdapter(store: self.store, clock: self.clock).reply(to: event)
        }

        func recall(_ session: String, _ user: String?) async throws -> BedrockReply {
            try await self.call(BedrockEvents.function("recallWallet", user: user, session: session, words: "recall"))
        }

        mutating func step() async throws {
            let (session, user) = (self.pick(["session-1", "session-2"]), self.pick(["ada", "ada", "eve", nil, nil]))
            self.clock.advance(by: self.pick([.zero, .seconds(1), .seconds(20), .seconds(400)]))
            if Int.random(in: 0..<12, using: &self.generator) == 0 { try await self.end(session) }
            let before = try await self.recall(session, user)
            if before.status == "not_allowed" { self.marks.insert(.foreign) }
            if before.status == "conflict" { self.marks.insert(.conflict) }
            if let known = before.wallet {
                let isLegitimate = [session, user ?? ""].contains { self.legitimate.contains([$0, known]) }
                #expect(isLegitimate, "seed \(self.seed): a wallet is known that nobody has typed or confirmed")
            }
            let given = self.pick(RandomConversationTests.wallets)
            let words = self.words(session, given)
            if Int.random(in: 0..<10, using: &self.generator) == 0 {
                try await self.forget(session, user, words)
            } else {
                try await self.remember(given, session, user, words, before)
            }
        }

        /// The session is over; another one of that name begins with nothing.
        mutating func end(_ session: String) async throws {
            try await self.store.delete(.session(SessionID(session)), as: .asOperator)
            self.legitimate = self.legitimate.filter { $0[0] != session }
            self.forgotten[session] = nil
            for index in self.questions.indices where self.questions[index].session == session { self.questions[index].isSpent = true }
        }

        mutating func words(_ session: String, _ given: String) -> String {
            let code = self.questions.last { $0.session == session }?.code ?? "K7QM3X9P"
            let wallet = self.pick([given, given] + RandomConversationTests.wallets)
            return self.pick([
                "hello", "yes", "yes \(code)", code, "It is \(wallet)", "or \(wallet)", wallet.lowercased(), "x\(wallet)", "\(wallet).eth",
            ])
        }

        mutating func forget(_ session: String, _ user: String?, _ words: String) async throws {
            let event = BedrockEvents.function("forgetWallet", user: user, session: session, words: words)
            guard try await self.call(event).status == "forgotten" else { return }
            self.forgotten[session, default: []].insert(words)
            #expect(try await self.recall(session, user).wallet == nil, "seed \(self.seed): what was forgotten is known")
        }

        mutating func remember(
            _ wallet: String, _ session: String, _ user: String?, _ words: String, _ before: BedrockReply
        ) async throws {
            let code = self.pick([nil, self.questions.last { $0.session == session }?.code, "K7QM3X9P"])
            let reply = try await self.call(
                BedrockEvents.function("rememberWallet", wallet: wallet, user: user, session: session, words: words, code: code))
            let after = try await self.recall(session, user)
            // In a conflict the memory's wallet is the one that counts.
            let current = before.wallet ?? before.body?["user_wallet_address"]?.string
            switch reply.status {
            case "stored":
                self.judgeStored(wallet, session, user, words, current)
                #expect(after.wallet == wallet, "seed \(self.seed): what was stored is not known")
                self.legitimate.formUnion([[session, wallet]] + (user.map { [[$0, wallet]] } ?? []))
            case "confirmation_needed":
                #expect(after.wallet == current || before.status == "conflict", "seed \(self.seed): a question changed what is known")
                self.note(reply, wallet, session, user, words, current)
            case "not_allowed": #expect(before.status == "not_allowed" && after.wallet == nil, "seed \(self.seed)")
            default: Issue.record("seed \(self.seed): \(reply.status ?? "no status")")
            }
        }

        /// Why it was right to store it; otherwise it was wrong.
        mutating func judgeStored(_ wallet: String, _ session: String, _ user: String?, _ words: String, _ current: String?) {
            if current == wallet {
                self.marks.insert(.kept)
                return
            }
            let isTyped = words.contains(" \(wallet)") || words == wallet.lowercased()
            if current == nil, isTyped, !(self.forgotten[session]?.contains(words) ?? false) {
                self.marks.insert(.storedTyped)
                return
            }
            let index = self.questions.firstIndex { question in
                question.session == session && question.user == user && question.from == current && question.to == wallet
                    && question.words != words && question.until > self.clock.now && !question.isSpent
                    && (words.split(separator: " ").contains { $0 == question.code } || isTyped)
            }
            if let index {
                self.questions[index].isSpent = true
                self.marks.insert(.confirmed)
            } else if current == nil, isTyped {
                // It was forgotten with these words, but in another life of the session or of the memory.
                self.marks.insert(.storedTyped)
            } else {
                Issue.record("seed \(self.seed): stored, and neither typed nor confirmed")
            }
        }

        mutating func note(_ reply: BedrockReply, _ wallet: String, _ session: String, _ user: String?, _ words: String, _ current: String?)
        {
            if reply.message.contains("in the turn in which") { self.marks.insert(.sameTurn) }
            if reply.message.contains("holds neither") { self.marks.insert(.notTyped) }
            if reply.message.contains("no longer valid") { self.marks.insert(.expired) }
            if current == nil, self.forgotten[session]?.contains(words) ?? false, words.contains(wallet) {
                self.marks.insert(.forgottenInTurn)
            }
            guard let code = reply.body?["wallet_confirmation_code"]?.string else {
                Issue.record("seed \(self.seed): a question without a code")
                return
            }
            guard !self.questions.contains(where: { $0.code == code }) else { return }
            // One question a session: the one before is over.
            for index in self.questions.indices where self.questions[index].session == session { self.questions[index].isSpent = true }
            self.questions.append(
                Question(
                    session: session, user: user, from: current, to: wallet, code: code, words: words, until: self.clock.now + .seconds(600)
                ))
        }
    }
}
