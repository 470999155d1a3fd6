import EventLoop
import TestSupport
import Testing

@testable import AWS

private let one = AWSCredentials(accessKeyID: "A", secretAccessKey: "S")

/// Answers what it is told, when it is told, and counts.
private final class GatedSource: CredentialSource {
    private struct State {
        var loads = 0
        var answers: [Result<AWSCredentials?, AWSError>] = []
    }

    private let state = Observed(State())

    var name: String { "gated" }
    var loads: Int { self.state.value.loads }

    func load() async throws(AWSError) -> CredentialFinding {
        let number = self.state.change { state in
            state.loads += 1
            return state.loads
        }
        do throws(CancellationError) {
            try await self.state.wait { $0.answers.count >= number }
        } catch {
            throw AWSError(.cancelled, "The test was ended.")
        }
        guard let credentials = try self.state.value.answers[number - 1].get() else { return .absent("it is closed") }
        return .found(credentials)
    }

    /// Waits until there is a load to be answered.
    func started() async throws {
        try await self.state.wait { $0.answers.count < $0.loads }
    }

    /// Answers the loads that wait.
    func open(_ result: Result<AWSCredentials?, AWSError>) {
        self.state.change { state in
            while state.answers.count < state.loads { state.answers.append(result) }
        }
    }
}

@Suite("Credentials", .timeLimit(.minutes(1)))
struct CredentialTests {
    @Test("the environment's keys are used with their token, and a blank token is none")
    func environment() async throws {
        let keys = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S"]
        let blank = EnvironmentCredentials(Environment(keys.merging(["AWS_SESSION_TOKEN": ""]) { $1 }))
        #expect(try await blank.load() == .found(one))
        let token = EnvironmentCredentials(Environment(keys.merging(["AWS_SESSION_TOKEN": "T"]) { $1 }))
        var temporary = one
        temporary.sessionToken = "T"
        #expect(try await token.load() == .found(temporary))
        let account = EnvironmentCredentials(Environment(keys.merging(["AWS_ACCOUNT_ID": "123456789012"]) { $1 }))
        guard case .found(let found) = try await account.load() else {
            Issue.record("there are keys")
            return
        }
        #expect(found.accountID == "123456789012")
        guard
            case .absent(let reason) = try await EnvironmentCredentials(
                Environment(["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": " "])
            ).load()
        else {
            Issue.record("blank variables count")
            return
        }
        #expect(reason.contains("AWS_ACCESS_KEY_ID"))
    }

    @Test("half a pair of keys in the environment is an error, not a reason to look elsewhere")
    func half() async {
        let error = await #expect(throws: AWSError.self) {
            try await EnvironmentCredentials(Environment(["AWS_ACCESS_KEY_ID": "A"])).load()
        }
        #expect(error?.kind == .noCredentials)
        #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY") == true)
    }

    @Test("the sources are asked in the SDKs' order, and without any the error says what to set")
    func order() async throws {
        let loop = try UVLoop()
        func chain(_ variables: [String: String]) -> CredentialChain {
            .standard(Environment(variables.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }), loop: loop, clock: .system)
        }
        #expect(try await chain(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S"]).credentials() == one)
        let error = await #expect(throws: AWSError.self) { try await chain([:]).credentials() }
        #expect(error?.kind == .noCredentials)
        let names = await chain([:]).report().entries.map(\.source)
        #expect(names == ["environment", "profile", "web identity", "container", "instance metadata"])
        await loop.shutdown()
    }

    @Test("a source that has its credentials at hand is not waited for, nor one that is not set up and stands before it")
    func atHand() async throws {
        struct AtHand: CredentialSource {
            let finding: CredentialFinding
            var name: String { "at hand" }

            func load() async throws(AWSError) -> CredentialFinding {
                Issue.record("it was waited for")
                return self.finding
            }

            func find() throws(AWSError) -> CredentialFinding? { self.finding }
        }
        let chain = CredentialChain([AtHand(finding: .absent("not here")), AtHand(finding: .found(one))], now: { 0 })
        #expect(try await chain.credentials() == one)
    }

    @Test("callers share one flight")
    func oneFlight() async throws {
        let source = GatedSource()
        let chain = CredentialChain([source], now: { 0 })
        try await withThrowingTaskGroup(of: AWSCredentials.self) { group in
            for _ in 0..<20 { group.addTask { try await chain.credentials() } }
            try await source.started()
            source.open(.success(one))
            for try await credentials in group { #expect(credentials == one) }
        }
        #expect(source.loads == 1)
    }

    @Test("a cancelled caller leaves and the flight goes on for the others")
    func cancelled() async throws {
        let source = GatedSource()
        let chain = CredentialChain([source], now: { 0 })
        let leaver = Task { try await chain.credentials() }
        try await source.started()
        async let stayer = chain.credentials()
        leaver.cancel()
        await #expect(throws: AWSError.self) { try await leaver.value }
        source.open(.success(one))
        #expect(try await stayer == one)
        #expect(source.loads == 1)
    }

    @Test("a failure is not remembered")
    func failure() async throws {
        let source = GatedSource()
        let chain = CredentialChain([source], now: { 0 })
        let first = Task { try await chain.credentials() }
        try await source.started()
        source.open(.failure(AWSError(.noCredentials, "Not now.")))
        await #expect(throws: AWSError.self) { try await first.value }
        let second = Task { try await chain.credentials() }
        try await source.started()
        source.open(.success(one))
        #expect(try await second.value == one)
    }

    private func machine(endsAt expiration: Int64, now: Int64 = 0) -> CredentialMachine<Int> {
        var machine = CredentialMachine<Int>()
        _ = machine.arrived(7, id: machine.nextID(), now: now)
        _ = machine.finished(.success(Self.ending(at: expiration)), now: now)
        return machine
    }

    private static func ending(at expiration: Int64) -> AWSCredentials {
        AWSCredentials(accessKeyID: "A", secretAccessKey: "S", expiration: expiration)
    }

    @Test("temporary keys are refreshed five minutes ahead by one flight, and used meanwhile")
    func ahead() {
        var machine = self.machine(endsAt: 10_000)
        let old = Self.ending(at: 10_000)
        #expect(machine.lookUp(now: 9699) == .use(old))
        #expect(machine.lookUp(now: 9700) == .useAndRefresh(old))
        #expect(machine.lookUp(now: 9701) == .use(old))
        let new = Self.ending(at: 20_000)
        #expect(machine.finished(.success(new), now: 9702).waiters.isEmpty)
        #expect(machine.lookUp(now: 9703) == .use(new))
    }

    @Test("where the refresh fails the old keys are used while they live, and the sources asked again after a pause")
    func stale() {
        var machine = self.machine(endsAt: 10_000)
        let old = Self.ending(at: 10_000)
        let failure = Result<AWSCredentials, AWSError>.failure(AWSError(.noCredentials, "Not now."))
        #expect(machine.lookUp(now: 9800) == .useAndRefresh(old))
        #expect(machine.finished(failure, now: 9800).waiters.isEmpty)
        #expect(machine.lookUp(now: 9829) == .use(old))
        #expect(machine.lookUp(now: 9830) == .useAndRefresh(old))
        _ = machine.finished(failure, now: 9830)
        // In the last seconds the sources have the word, and the old keys after them.
        #expect(machine.lookUp(now: 9995) == .wait)
        #expect(machine.arrived(8, id: machine.nextID(), now: 9995) == .startLoading)
        let (waiters, result) = machine.finished(failure, now: 9995)
        #expect(waiters == [8])
        #expect(result == .success(old))
        #expect(machine.lookUp(now: 9999) == .use(old))
        // Past their end they are of no use.
        #expect(machine.arrived(9, id: machine.nextID(), now: 10_030) == .startLoading)
        #expect(machine.finished(failure, now: 10_030).result == failure)
        #expect(machine.lookUp(now: 10_031) == .wait)
    }

    @Test("keys that a source hands out although they have all but ended are used, and asked for again soon")
    func endingSoon() {
        var machine = self.machine(endsAt: 1000, now: 999)
        let old = Self.ending(at: 1000)
        #expect(machine.lookUp(now: 1010) == .use(old))
        #expect(machine.lookUp(now: 1029) == .wait)
    }

    @Test("waiters of one flight are resumed together, one that left is not")
    func waiters() {
        var machine = CredentialMachine<Int>()
        let (first, second) = (machine.nextID(), machine.nextID())
        #expect(machine.arrived(1, id: first, now: 0) == .startLoading)
        #expect(machine.arrived(2, id: second, now: 0) == .wait)
        #expect(machine.left(first) == 1)
        #expect(machine.left(first) == nil)
        #expect(machine.finished(.success(one), now: 0).waiters == [2])
        #expect(machine.arrived(3, id: machine.nextID(), now: 0) == .resume(one))
    }

    @Test("the report says who won and why the others did not, without secrets")
    func report() async throws {
        let temporary = AWSCredentials(accessKeyID: "AKIDHIDDEN", secretAccessKey: "hidden", sessionToken: "hidden", expiration: 5)
        let chain = CredentialChain(
            [EnvironmentCredentials(Environment([:])), StaticCredentials(temporary), StaticCredentials(one)], now: { 0 })
        let report = await chain.report()
        #expect(report.hasCredentials)
        #expect(report.entries[0].outcome == .absent("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"))
        #expect(report.entries[1].outcome == .used(.init(isTemporary: true, expiration: 5)))
        #expect(report.entries[2].outcome == .notAsked)
        var text = ""
        dump(report, to: &text)
        #expect(!text.lowercased().contains("hidden"))
        let broken = CredentialChain([EnvironmentCredentials(Environment(["AWS_ACCESS_KEY_ID": "A"])), StaticCredentials(one)], now: { 0 })
        let failed = await broken.report()
        #expect(!failed.hasCredentials)
        #expect(failed.entries.last?.outcome == .notAsked)
    }

    @Test("credentials that a service refused are asked for again, newer ones are kept")
    func refused() async throws {
        let source = GatedSource()
        let chain = CredentialChain([source], now: { 0 })
        let first = Task { try await chain.credentials() }
        try await source.started()
        source.open(.success(one))
        _ = try await first.value
        chain.refused(AWSCredentials(accessKeyID: "older", secretAccessKey: "S"))
        _ = try await chain.credentials()
        #expect(source.loads == 1)
        chain.refused(one)
        let second = Task { try await chain.credentials() }
        try await source.started()
        source.open(.success(one))
        _ = try await second.value
        #expect(source.loads == 2)
    }
}
