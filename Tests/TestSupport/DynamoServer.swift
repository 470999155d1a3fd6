import Glibc

/// A DynamoDB that tests may use: one that the test run was given, or one that this process starts.
package struct DynamoServer: Sendable {
    /// Its URL.
    package var endpoint: String
    /// A key that it accepts.
    package var accessKeyID: String
    /// That key's secret.
    package var secretAccessKey: String
    /// A role that anybody may assume, also with a web identity, and that may do everything with tables; nil on a server without IAM.
    package var roleARN: String?

    /// The port of its URL; 0 where that names none.
    package var port: Int { self.endpoint.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// The servers that tests can run against.
    package enum Kind: String, CaseIterable, Sendable {
        /// ministack, which checks signatures.
        case ministack
        /// ministack, which believes every signature; only where the run names one.
        case open
        /// moto, which closes the connection after each answer; only where the run names one.
        case moto
    }

    /// Those that are here. In CI ministack is always among them, so that its absence is a failure.
    package static var kinds: [Kind] {
        Kind.allCases.filter { kind in
            switch kind {
            case .ministack: TestEnvironment.isCI || Self.givenMinistack != nil || Self.executable != nil
            case .open: Self.givenOpen != nil
            case .moto: Self.givenMoto != nil
            }
        }
    }

    /// Whether there is any.
    package static var isAvailable: Bool { !Self.kinds.isEmpty }
    /// What to do when there is none.
    package static let reason = "ministack is not installed: `make test` does that, or set BEDROCK_SESSIONS_TEST_DYNAMODB to an endpoint"

    /// The server; ministack is started by the first who asks, and ends with this process.
    package static func running(_ kind: Kind = .ministack) async throws -> DynamoServer {
        switch kind {
        case .moto:
            DynamoServer(endpoint: Self.givenMoto ?? "", accessKeyID: "test", secretAccessKey: "test-secret")
        case .open:
            DynamoServer(endpoint: Self.givenOpen ?? "", accessKeyID: "test", secretAccessKey: "no secret of anybody")
        case .ministack: try await Self.ministack.value.server
        }
    }

    /// A table name that no other test uses.
    package static func tableName(_ prefix: String = "sessions") -> String {
        "\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// The key that a verifying server is started with.
    static let rootKey = (
        id: TestEnvironment.variable("BEDROCK_SESSIONS_TEST_ACCESS_KEY") ?? "bedrock-sessions-test",
        secret: TestEnvironment.variable("BEDROCK_SESSIONS_TEST_SECRET_KEY") ?? "bedrock-sessions-test-secret"
    )

    /// That key's id, for services of ministack that are no table.
    package static var rootKeyID: String { self.rootKey.id }

    private static let ministack = Task { try await Self.start() }

    private static func start() async throws -> (server: DynamoServer, process: ChildProcess?) {
        let (id, secret) = Self.rootKey
        if let endpoint = Self.givenMinistack {
            return (await DynamoServer(endpoint: endpoint, accessKeyID: id, secretAccessKey: secret).withVerifiedUser(), nil)
        }
        guard let executable = Self.executable else { throw ChildProcess.LaunchError(Self.reason) }
        let port = try freePort()
        let variables = [
            "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "GATEWAY_PORT": "\(port)", "AUTH": "true", "AWS_ACCESS_KEY_ID": id,
            "AWS_SECRET_ACCESS_KEY": secret,
            "PATH": TestEnvironment.variable("PATH") ?? "", "HOME": TestEnvironment.variable("HOME") ?? "/",
        ]
        let process = try ChildProcess(Self.supervised([executable]), environment: variables)
        let (found, output) = await process.output(containing: "Running on")
        guard found else {
            // Not to be killed when it is forgotten: the supervisor ends the server, at the end of this process.
            _ = Unmanaged.passRetained(process)
            throw ChildProcess.LaunchError("ministack did not start: \(output)")
        }
        process.discardOutput()
        let root = DynamoServer(endpoint: "http://127.0.0.1:\(port)", accessKeyID: id, secretAccessKey: secret)
        return (await root.withVerifiedUser(), process)
    }

    /// A command that ends when this process does, however that comes about: all suites share the server, so none of them may stop it.
    private static func supervised(_ command: [String]) -> [String] {
        let script =
            #"parent=$1; shift; "$@" </dev/null & server=$!; exec >/dev/null 2>&1; tail --pid="$parent" -f /dev/null; kill -9 "$server""#
        return ["sh", "-c", script, "supervisor", "\(getpid())"] + command
    }

    private static var givenMinistack: String? { TestEnvironment.variable("BEDROCK_SESSIONS_TEST_DYNAMODB") }
    private static var givenOpen: String? { TestEnvironment.variable("BEDROCK_SESSIONS_TEST_DYNAMODB_OPEN") }
    private static var givenMoto: String? { TestEnvironment.variable("BEDROCK_SESSIONS_TEST_MOTO") }

    private static var executable: String? {
        TestEnvironment.variable("BEDROCK_SESSIONS_TEST_MINISTACK") ?? TestEnvironment.program("ministack", in: [".venv/bin"])
    }
}
