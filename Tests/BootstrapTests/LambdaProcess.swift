import Glibc
import TestSupport

/// `bootstrap` started as Lambda starts it: with the address of a runtime API in its environment.
struct LambdaProcess {
    let server: RuntimeAPIServer
    let process: ChildProcess

    static let path = TestEnvironment.product("bootstrap")

    /// Another `command` than the one that the build has made starts another `bootstrap`.
    /// Metrics are off unless `environment` says otherwise: what nobody reads would fill the pipe.
    init(
        _ environment: [String: String], command: [String] = [Self.path], redirection: ChildProcess.Redirection = .init()
    ) throws {
        self.server = try RuntimeAPIServer()
        let lambda = [
            "AWS_LAMBDA_RUNTIME_API": self.server.address, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "BEDROCK_SESSIONS_METRICS": "off",
        ]
        self.process = try ChildProcess(command, environment: lambda.merging(environment) { $1 }, redirection: redirection)
    }

    /// Ends it by SIGTERM, as Lambda does.
    func stop() async -> ChildProcess.End {
        self.process.signal(SIGTERM)
        return await self.process.ended()
    }
}
