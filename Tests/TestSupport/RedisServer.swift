package import Glibc
import Locked

/// A redis-server of its own for a test: on a free port of 127.0.0.1 (or a Unix socket), in a temporary directory, ended by its pid.
package final class RedisServer: Sendable {
    /// The port it listens on, the same after `restart`; 0 with a Unix socket.
    package let port: Int
    /// Its directory, removed with the object.
    package let directory: String
    /// The path of its Unix socket, if it has one.
    package let socketPath: String?
    private let options: [String]
    private let process = Locked<ChildProcess?>(nil)

    /// Whether tests with a redis-server are to run: it is installed, or this is CI, where a missing one is a failure.
    package static var isExpected: Bool {
        getenv("CI") != nil || self.isInstalled
    }

    /// What a skipped test says.
    package static let skipReason = "redis-server is not installed; install Debian's package redis-server"

    /// Starts a server and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - options: further command line options, for instance `["--requirepass", "secret"]`.
    ///   - unixSocket: listen on a Unix socket instead of a port.
    package init(options: [String] = [], unixSocket: Bool = false) throws {
        var template = Array("/tmp/redis-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ChildProcess.LaunchError("no temporary directory: errno \(errno)") }
        self.directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.socketPath = unixSocket ? self.directory + "/redis.sock" : nil
        self.options = options
        // Between finding a free port and using it, another process may take it: then the next one is tried.
        var attempts = 5
        while true {
            let port = unixSocket ? 0 : try freePort()
            do {
                let process = try Self.launch(port: port, directory: self.directory, socketPath: self.socketPath, options: options)
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
        for name in ["redis.sock", "dump.rdb"] { unlink(self.directory + "/" + name) }
        rmdir(self.directory)
    }

    /// The server's pid, while it runs.
    package var pid: pid_t? { self.process.withLock { $0?.pid } }

    /// `redis://` and the address.
    package var url: String { "redis://127.0.0.1:\(self.port)" }

    /// Ends it as a power cut would.
    package func kill() {
        self.process.withLock { $0.take() }?.end(SIGKILL)
    }

    /// Ends it in an orderly way.
    package func stop() {
        self.process.withLock { $0.take() }?.end(SIGTERM)
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
        let process = try Self.launch(port: self.port, directory: self.directory, socketPath: self.socketPath, options: self.options)
        self.process.withLock { $0 = process }
    }

    private static func launch(port: Int, directory: String, socketPath: String?, options: [String]) throws -> ChildProcess {
        var arguments = [
            "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--appendonly", "no",
        ]
        arguments += socketPath.map { ["--unixsocket", $0] } ?? []
        let process = try ChildProcess(arguments + options)
        let (found, output) = process.waitForLine(containing: "eady to accept connections")
        guard found else {
            process.end()
            throw ChildProcess.LaunchError("redis-server did not start: \(output)")
        }
        process.discardOutput()
        return process
    }

    private static var isInstalled: Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.split(separator: ":").contains { access("\($0)/redis-server", X_OK) == 0 }
    }
}
