import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("Whether a wallet may be stored")
struct WalletChangeTests {
    private let session: SessionID
    private let wallet: WalletAddress
    private let other: WalletAddress
    private let now = Timestamp(seconds: 1_800_000_000)

    init() throws {
        self.session = try SessionID("s-1")
        self.wallet = try WalletAddress(BedrockEvents.wallet)
        self.other = try WalletAddress(BedrockEvents.otherWallet)
    }

    private func context(
        _ words: String?, code: String? = nil, user: UserID? = nil, session: SessionID? = nil, now: Timestamp? = nil
    ) -> WalletChange.Context {
        WalletChange.Context(
            session: session ?? self.session, user: user, turn: Turn(words, in: session ?? self.session), code: code, now: now ?? self.now,
            lifetime: .seconds(600), nonce: String(repeating: "a", count: 32))
    }

    private func change(
        from current: WalletAddress? = nil, pending: PendingChange? = nil, forgottenIn: Set<String> = []
    ) -> WalletChange {
        WalletChange(field: .wallet, wallet: self.wallet, current: current, forgottenIn: forgottenIn, pending: pending)
    }

    private func question(_ verdict: WalletChange.Verdict) throws -> WalletChange.Question {
        guard case .ask(let question) = verdict else {
            Issue.record("nothing is asked")
            throw CancellationError()
        }
        return question
    }

    @Test("a first wallet that the user has typed is stored, one that the model alone gives is asked about", arguments: [nil, "", "hello"])
    func first(words: String?) throws {
        #expect(self.change().verdict(self.context("It is \(self.wallet.text)!")) == .store)
        let question = try self.question(self.change().verdict(self.context(words)))
        #expect(question.reason == .new && question.current == nil && question.note?.wallet == self.wallet.text)
        #expect(question.note?.until == self.now + .seconds(600))
    }

    @Test("another wallet in place of a stored one is asked about, typed or not; the same one is not")
    func replacement() throws {
        for words in ["It is \(self.wallet.text)", "hello"] {
            let question = try self.question(self.change(from: self.other).verdict(self.context(words)))
            #expect(question.reason == .new && question.current == self.other)
        }
        #expect(self.change(from: self.wallet).verdict(self.context("hello")) == .store)
    }

    @Test("what was forgotten in a turn is not replaced at once in the same turn")
    func forgottenAndGiven() throws {
        let words = "It is \(self.wallet.text)"
        let forgotten: Set = [Turn(words, in: self.session).digest]
        #expect(try self.question(self.change(forgottenIn: forgotten).verdict(self.context(words))).reason == .new)
        #expect(self.change(forgottenIn: forgotten).verdict(self.context(words + " indeed")) == .store)
    }

    @Test("the code counts in a later turn whose words hold it, or the address")
    func confirmed() throws {
        let asked = try self.question(self.change(from: self.other).verdict(self.context("change it")))
        let change = self.change(from: self.other, pending: asked.note)
        for words in ["yes: \(asked.code)", asked.code.lowercased(), "It is \(self.wallet.text.lowercased())"] {
            #expect(change.verdict(self.context(words, code: asked.code)) == .storeConfirmed)
        }
        #expect(change.verdict(self.context("\(asked.code)", code: " \(asked.code.lowercased())\n")) == .storeConfirmed)
        // A schema without the parameter: the user's own words carry the code.
        #expect(change.verdict(self.context("ok \(asked.code)")) == .storeConfirmed)
    }

    @Test("the model's echo of the code is not enough: not in the same turn, not in a turn in which the user typed something else")
    func echoed() throws {
        let words = "\(self.wallet.text)"
        let asked = try self.question(self.change(from: self.other).verdict(self.context(words)))
        let change = self.change(from: self.other, pending: asked.note)
        let same = try self.question(change.verdict(self.context(words, code: asked.code)))
        #expect(same.reason == .sameTurn && same.note == nil && same.code == asked.code)
        for words in ["yes", "Thank you.", "", nil, "x\(asked.code)", "\(self.wallet.text)x"] as [String?] {
            #expect(try self.question(change.verdict(self.context(words, code: asked.code))).reason == .notTyped)
        }
        // Without a code the address alone confirms nothing, and the question stays the same.
        let again = try self.question(change.verdict(self.context("Really \(self.wallet.text)")))
        #expect(again.reason == .unanswered && again.code == asked.code && again.note == nil)
    }

    @Test("a code is for one change of one field, in one session, for one user, for ten minutes")
    func bound() throws {
        let asked = try self.question(self.change(from: self.other).verdict(self.context("change it")))
        let words = "yes \(asked.code)"
        let note = try #require(asked.note)
        func reason(_ change: WalletChange, _ context: WalletChange.Context) throws -> WalletChange.Reason {
            try self.question(change.verdict(context)).reason
        }
        let change = self.change(from: self.other, pending: note)
        #expect(try reason(change, self.context(words, code: asked.code, user: try UserID("ada"))) == .wrongCode)
        #expect(try reason(change, self.context(words, code: asked.code, session: try SessionID("s-2"))) == .wrongCode)
        #expect(try reason(change, self.context(words, code: asked.code, now: note.until)) == .wrongCode)
        #expect(try reason(change, self.context(words, code: "K7QM3X9P")) == .wrongCode)
        #expect(try reason(self.change(pending: note), self.context(words, code: asked.code)) == .wrongCode)
        let third = try WalletAddress("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")
        #expect(try reason(self.change(from: third, pending: note), self.context(words, code: asked.code)) == .wrongCode)
        var otherWallet = WalletChange(field: .wallet, wallet: third, current: self.other, forgottenIn: [], pending: note)
        #expect(try reason(otherWallet, self.context(words, code: asked.code)) == .wrongCode)
        otherWallet.field = try RememberedField("payout", .wallet)
        otherWallet.wallet = self.wallet
        #expect(try reason(otherWallet, self.context(words, code: asked.code)) == .wrongCode)
        #expect(change.verdict(self.context(words, code: asked.code, now: note.until - .milliseconds(1))) == .storeConfirmed)
        // A clock that was set back, or a made-up end, does not make a code live longer.
        #expect(try reason(change, self.context(words, code: asked.code, now: self.now - .seconds(61))) == .wrongCode)
    }

    @Test("codes have eight digits and consonants, and differ with each bit of chance")
    func codes() {
        var generator = SeededGenerator(seed: 7)
        var codes: Set<String> = []
        for _ in 0..<500 {
            let nonce = String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
            let pending = PendingChange(wallet: self.wallet.text, turn: "t", nonce: nonce, until: self.now)
            let code = pending.code(for: .wallet, from: nil, in: self.session, of: nil)
            #expect(code.utf8.count == 8 && code.allSatisfy { "23456789BCDFGHJKMNPQRSTVWXZ".contains($0) })
            #expect(ConfirmationCode.matches(code.lowercased(), code) && !ConfirmationCode.matches(String(code.dropLast()), code))
            codes.insert(code)
        }
        #expect(codes.count == 500)
    }

    @Test("what a session holds under the pending change's name, and is none, counts as nothing")
    func strangePending() {
        let strange: [SessionValue?] = [
            nil, .null, "code", .map([:]), .map(["wallet": "x", "turn": "y", "nonce": "short", "until": 5]),
            .map(["wallet": 1, "turn": 2, "nonce": 3, "until": 4]), .list([]),
        ]
        for value in strange { #expect(PendingChange(value) == nil) }
        let good = PendingChange(wallet: "w", turn: "t", nonce: String(repeating: "0", count: 32), until: self.now)
        #expect(PendingChange(good.stored) == good)
    }
}
