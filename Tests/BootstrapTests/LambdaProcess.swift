import Glibc
import TestSupport

/// `bootstrap` started as Lambda starts it: with the address of a runtime API in its environment.
struct LambdaProcess {
    let server: RuntimeAPIServer
    let process: ChildProcess

    /// Beside this test bundle: where the build puts all of its products.
    static let path: String = {
        let bundle = CommandLine.arguments[0].hasSuffix(".xctest") ? CommandLine.arguments[0] : Self.bundleOnCommandLine
        let directory = bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return "\(directory)/bootstrap"
    }()

    private static var bundleOnCommandLine: String {
        CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ".build/debug/x.xctest"
    }

    init(_ environment: [String: String]) throws {
        self.server = try RuntimeAPIServer()
        let lambda = ["AWS_LAMBDA_RUNTIME_API": self.server.address, "PATH": "/usr/bin:/bin"]
        self.process = try ChildProcess([Self.path], environment: lambda.merging(environment) { $1 })
    }

    /// Waits for its end; the exit code, or 128 and the signal that ended it.
    func exitCode() async -> Int32 {
        let pid = self.process.pid
        return await withCheckedContinuation { continuation in
            onThread {
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                continuation.resume(returning: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F))
            }
        }
    }

    /// What it printed until it ended.
    func output() async -> String {
        await withCheckedContinuation { continuation in
            let process = self.process
            onThread { continuation.resume(returning: process.waitForLine(containing: "\u{0}").output) }
        }
    }

    /// Ends it by SIGTERM, as Lambda does; its exit code.
    func stop() async -> Int32 {
        self.process.signal(SIGTERM)
        return await self.exitCode()
    }
}
