import Glibc
import Locked

/// A redis-server of its own for a test: on a free port of 127.0.0.1, in a folder of its own, ended by its pid.
package final class RedisServer: Sendable {
    /// The port it listens on, the same after `restart`.
    package let port: Int
    private let folder: TemporaryFolder
    private let options: [String]
    private let isEncrypted: Bool
    private let process = Locked<ChildProcess?>(nil)

    /// Whether tests with a redis-server are to run: it is installed, or this is CI, where a missing one is a failure.
    package static var isExpected: Bool {
        TestEnvironment.expects("redis-server")
    }

    /// What a skipped test says.
    package static let skipReason = "redis-server is not installed; install Debian's package redis-server"

    /// Starts a server and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - options: further command line options, for instance `["--requirepass", "secret"]`.
    ///   - isEncrypted: whether its one port speaks TLS; the options have to name its certificate then.
    ///   - port: finds a port to try.
    package init(options: [String] = [], isEncrypted: Bool = false, port findPort: () throws -> Int = freePort) throws {
        self.folder = try TemporaryFolder()
        self.options = options
        self.isEncrypted = isEncrypted
        // Between finding a free port and using it, another process may take it: then the next one is tried.
        var attempts = 5
        while true {
            let port = try findPort()
            do {
                let process = try Self.launch(port: port, self.folder, options, isEncrypted)
                self.process.withLock { $0 = process }
                self.port = port
                return
            } catch {
                attempts -= 1
                if attempts == 0 { throw error }
            }
        }
    }

    deinit {
        self.kill()
    }

    /// `redis://`, or `rediss://` where it speaks TLS, and the address.
    package var url: String { "\(self.isEncrypted ? "rediss" : "redis")://127.0.0.1:\(self.port)" }

    /// Whether it was started, and not ended by a test.
    package var isRunning: Bool { self.process.withLock { $0 != nil } }

    /// Ends it as a power cut would.
    package func kill() {
        self.process.withLock { $0.take() }?.end(SIGKILL)
    }

    /// Freezes it: the kernel still accepts connections, nobody answers.
    package func freeze() {
        self.process.withLock { $0?.signal(SIGSTOP) }
    }

    /// Ends the freeze.
    package func thaw() {
        self.process.withLock { $0?.signal(SIGCONT) }
    }

    /// Starts it again on the same port, with what it has on disk.
    package func restart() throws {
        self.kill()
        let process = try Self.launch(port: self.port, self.folder, self.options, self.isEncrypted)
        self.process.withLock { $0 = process }
    }

    private static func launch(
        port: Int, _ folder: TemporaryFolder, _ options: [String], _ isEncrypted: Bool
    ) throws -> ChildProcess {
        let ports = isEncrypted ? ["--port", "0", "--tls-port", "\(port)"] : ["--port", "\(port)"]
        let place = ports + ["--bind", "127.0.0.1", "--dir", folder.path]
        let process = try ChildProcess(["redis-server"] + place + ["--save", "", "--appendonly", "no"] + options)
        let (found, output) = process.waitForOutput(containing: "eady to accept connections")
        guard found else { throw ChildProcess.LaunchError("redis-server did not start: \(output)") }
        process.discardOutput()
        return process
    }
}
