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

    func load() async throws(AWSError) -> AWSCredentials? {
        let number = self.state.change { state in
            state.loads += 1
            return state.loads
        }
        do throws(CancellationError) {
            try await self.state.wait { $0.answers.count >= number }
        } catch {
            throw AWSError(.cancelled, "The test was ended.")
        }
        return try self.state.value.answers[number - 1].get()
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
        #expect(try await blank.load() == one)
        let token = EnvironmentCredentials(Environment(keys.merging(["AWS_SESSION_TOKEN": "T"]) { $1 }))
        #expect(try await token.load()?.sessionToken == "T")
        #expect(try await EnvironmentCredentials(Environment(["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": " "])).load() == nil)
    }

    @Test("half a pair of keys in the environment is an error, not a reason to look elsewhere")
    func half() async {
        let error = await #expect(throws: AWSError.self) {
            try await EnvironmentCredentials(Environment(["AWS_ACCESS_KEY_ID": "A"])).load()
        }
        #expect(error?.kind == .noCredentials)
        #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY") == true)
    }

    @Test("the environment comes before the profile, and without any the error says what to set")
    func order() async throws {
        let chain = CredentialChain.standard(Environment(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S"]), now: { 0 })
        #expect(try await chain.credentials() == one)
        let none = CredentialChain.standard(Environment([:]), now: { 0 })
        let error = await #expect(throws: AWSError.self) { try await none.credentials() }
        #expect(error?.kind == .noCredentials)
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

    @Test("credentials about to end are asked for again")
    func expiry() {
        var machine = CredentialMachine<Int>()
        let credentials = AWSCredentials(accessKeyID: "A", secretAccessKey: "S", expiration: 1000)
        let id = machine.nextID()
        guard case .startLoading = machine.arrived(7, id: id, now: 0) else {
            Issue.record("no flight was started")
            return
        }
        #expect(machine.finished(.success(credentials)) == [7])
        #expect(machine.current(now: 939) == credentials)
        #expect(machine.current(now: 940) == nil)
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
