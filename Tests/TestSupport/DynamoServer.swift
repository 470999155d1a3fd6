import Foundation

/// A DynamoDB that tests may use: one that the test run was given, or one that this process starts.
package struct DynamoServer: Sendable {
    /// Its URL.
    package var endpoint: String
    /// The only key it accepts.
    package var accessKeyID: String
    /// That key's secret.
    package var secretAccessKey: String

    /// The servers that tests can run against.
    package enum Kind: String, CaseIterable, Sendable {
        /// ministack, which checks every signature.
        case ministack
        /// moto, which closes the connection after each answer; only where the run names one.
        case moto

    }

    /// Those that are here. In CI ministack is always among them, so that its absence is a failure.
    package static var kinds: [Kind] {
        Kind.allCases.filter { kind in
            switch kind {
            case .ministack: Self.variable("CI") != nil || Self.variable("BEDROCK_SESSIONS_TEST_DYNAMODB") != nil || Self.executable != nil
            case .moto: Self.variable("BEDROCK_SESSIONS_TEST_MOTO") != nil
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
            DynamoServer(endpoint: Self.variable("BEDROCK_SESSIONS_TEST_MOTO") ?? "", accessKeyID: "test", secretAccessKey: "test-secret")
        case .ministack: try await Self.ministack.value.server
        }
    }

    /// A table name that no other test uses.
    package static func tableName(_ prefix: String = "sessions") -> String {
        "\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    private static let ministack = Task { try await Self.start() }

    private static func start() async throws -> (server: DynamoServer, process: ServerProcess?) {
        let id = Self.variable("BEDROCK_SESSIONS_TEST_ACCESS_KEY") ?? "bedrock-sessions-test"
        let secret = Self.variable("BEDROCK_SESSIONS_TEST_SECRET_KEY") ?? "bedrock-sessions-test-secret"
        if let endpoint = Self.variable("BEDROCK_SESSIONS_TEST_DYNAMODB") {
            return (DynamoServer(endpoint: endpoint, accessKeyID: id, secretAccessKey: secret), nil)
        }
        guard let executable = Self.executable else { throw ServerProcess.Failure(description: Self.reason) }
        let port = try ServerProcess.freePort()
        let process = try await ServerProcess(
            executable,
            environment: [
                "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "\(port)", "AUTH": "true", "AWS_ACCESS_KEY_ID": id,
                "AWS_SECRET_ACCESS_KEY": secret,
            ],
            readyText: "Running on")
        return (DynamoServer(endpoint: "http://127.0.0.1:\(port)", accessKeyID: id, secretAccessKey: secret), process)
    }

    private static var executable: String? {
        if let path = Self.variable("BEDROCK_SESSIONS_TEST_MINISTACK") { return path }
        let folders = [".venv/bin"] + (Self.variable("PATH") ?? "").split(separator: ":").map(String.init)
        return folders.map { "\($0)/ministack" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
