package import Glibc
import Locked

/// A process that a test starts, and ends by its own pid.
package final class ChildProcess: Sendable {
    /// Why a process could not be started.
    package struct LaunchError: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    package let pid: pid_t
    private let output: Int32

    /// One launch at a time: a pipe that another launch has just made must not be inherited by this child.
    private static let launching = Locked(())

    /// Starts a program found on `PATH`, its standard output and error readable through `waitForLine`.
    package init(_ arguments: [String], environment: [String: String]? = nil) throws {
        (self.pid, self.output) = try Self.launching.withLock { _ in try Self.spawn(arguments, environment: environment) }
    }

    private static func spawn(_ arguments: [String], environment: [String: String]?) throws -> (pid_t, Int32) {
        var pipe: [Int32] = [-1, -1]
        // Sockets, since they are closed for other children from their first moment on: whoever else starts a process just then would hold
        // a copy, and the end of this one's output would never be seen.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pipe) == 0 else {
            throw LaunchError("no sockets: errno \(errno)")
        }
        defer { close(pipe[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)

        // A worker thread of the Swift runtime blocks most signals, and a child would inherit that: SIGTERM would not reach it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        var variables: [UnsafeMutablePointer<CChar>?] = Self.environment(environment).map { strdup("\($0)=\($1)") } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &variables)
        guard code == 0 else {
            close(pipe[0])
            throw LaunchError("cannot start \(arguments[0]): \(String(cString: strerror(code)))")
        }
        return (pid, pipe[0])
    }

    /// What the child sees: what is given, or what this process has.
    private static func environment(_ given: [String: String]?) -> [String: String] {
        if let given { return given }
        var variables: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "TMPDIR", "CI"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }

    deinit {
        close(self.output)
    }

    /// Reads the process's output until a line contains `text`. Returns all that was read, and whether the line came before the end.
    package func waitForLine(containing text: String) -> (found: Bool, output: String) {
        var collected: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(self.output, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return (false, String(decoding: collected, as: UTF8.self)) }
            collected += buffer[..<count]
            let soFar = String(decoding: collected, as: UTF8.self)
            if soFar.contains(text) { return (true, soFar) }
        }
    }

    /// Reads and forgets what else the process prints, so that it never waits for a reader.
    package func discardOutput() {
        onThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(self.output, &buffer, buffer.count)
                if count == 0 || (count < 0 && errno != EINTR) { return }
            }
        }
    }

    /// Sends a signal to this process.
    package func signal(_ number: Int32) {
        kill(self.pid, number)
    }

    /// Ends the process and waits for its end.
    package func end(_ number: Int32 = SIGKILL) {
        kill(self.pid, number)
        var status: Int32 = 0
        while waitpid(self.pid, &status, 0) < 0 && errno == EINTR {}
    }
}
