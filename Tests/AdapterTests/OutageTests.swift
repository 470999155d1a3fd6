import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Adapter

@Suite("The adapter when its store fails", .timeLimit(.minutes(1)))
struct OutageTests {
    private let store = FailingStore()
    private var adapter: BedrockAdapter { BedrockAdapter(store: self.store) }

    private static let codes: [SessionStoreError.Code] = [
        .unavailable, .throttled, .overloaded, .deadlineExceeded, .conflict, .cancelled, .closed, .tableMissing, .accessDenied,
        .misconfigured,
        .malformedItem, .outcomeUnknown, .tooLarge,
    ]

    private static let internals = SessionStoreError(
        .unavailable, "dynamodb.eu-west-1 answered 500 for table secret", underlying: "AKIA0000")

    @Test("an outage never looks like no wallet, and shows nothing of the inside", arguments: Self.codes)
    func reads(code: SessionStoreError.Code) async throws {
        var error = Self.internals
        error.code = code
        self.store.fail(reads: error)
        for user in ["ada", nil] {
            let api = try await self.adapter.reply(to: BedrockEvents.api("GET", user: user))
            #expect(api.code == 503 || api.code == 500 || (code == .malformedItem && api.code == 409))
            let function = try await self.adapter.reply(to: BedrockEvents.function("recallWallet", user: user))
            #expect(function.state == ([.outcomeUnknown, .malformedItem].contains(code) ? "REPROMPT" : "FAILURE"))
            for reply in [api, function] {
                #expect(reply.status != "needed" && reply.wallet == nil)
                #expect(!reply.message.contains("secret") && !reply.message.contains("dynamodb") && !reply.message.contains("AKIA"))
            }
        }
    }

    @Test("to remember without a wallet is a lookup, in an outage too", arguments: [SessionStoreError.Code.unavailable, .deadlineExceeded])
    func lookup(code: SessionStoreError.Code) async throws {
        self.store.fail(reads: SessionStoreError(code, "no answer"))
        let reply = try await self.adapter.reply(to: BedrockEvents.api("POST", user: "ada"))
        #expect(reply.status == "unavailable")
        #expect(reply.message.contains("not known whether a wallet is stored"))
    }

    @Test("a write that failed is never called stored", arguments: Self.codes)
    func writes(code: SessionStoreError.Code) async throws {
        var error = Self.internals
        error.code = code
        self.store.fail(writes: error)
        let reply = try await self.adapter.reply(to: BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada"))
        #expect(reply.code == 503 || reply.code == 500)
        #expect(reply.wallet == nil && !reply.message.contains("secret"))
        let uncertain: [SessionStoreError.Code] = [.outcomeUnknown, .deadlineExceeded, .cancelled, .closed]
        #expect((reply.status == "outcome_unknown") == uncertain.contains(code))
    }

    @Test("shortly before the deadline an unfinished action is cancelled and answered", arguments: ["recallWallet", "rememberWallet"])
    func deadline(name: String) async throws {
        self.store.hang()
        let clock = ManualClock()
        let adapter = BedrockAdapter(store: self.store, clock: clock)
        async let reply = adapter.reply(to: BedrockEvents.function(name, wallet: BedrockEvents.wallet), timeLeft: .seconds(3))
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(2750))
        #expect(try await reply.status == (name == "recallWallet" ? "unavailable" : "outcome_unknown"))
    }

    @Test("an action that finishes in time does not wait for the deadline")
    func inTime() async throws {
        let adapter = BedrockAdapter(store: self.store, clock: ManualClock())
        #expect(try await adapter.reply(to: BedrockEvents.function("recallWallet"), timeLeft: .seconds(3)).status == "needed")
    }

    @Test("a deadline that has passed already is answered at once")
    func tooLate() async throws {
        self.store.hang()
        let adapter = BedrockAdapter(store: self.store, clock: ManualClock())
        #expect(try await adapter.reply(to: BedrockEvents.api("GET"), timeLeft: .zero).code == 503)
    }

    @Test("a configuration that cannot work lists all that is wrong")
    func validation() {
        #expect(AdapterConfiguration().validate().isEmpty)
        var configuration = AdapterConfiguration()
        configuration.userAttribute = ""
        configuration.walletParameters = []
        configuration.maximumEventBytes = 0
        configuration.maximumAnswerBytes = 0
        configuration.answerMargin = .seconds(-1)
        configuration.remembered = [.wallet, .wallet]
        configuration.confirmationLifetime = .seconds(86400)
        #expect(configuration.validate().count == 7)
    }
}
