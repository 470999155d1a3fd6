package import Glibc
import Locked

/// A process that a test starts, and ends by its own pid; forgotten, it is killed. The one way in which tests start processes: Foundation's
/// `Process` does not notice an end while another child holds a copy of its descriptors.
package final class ChildProcess: Sendable {
    /// Why a process could not be started.
    package struct LaunchError: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    /// How a process ended.
    package enum End: Hashable, Sendable {
        case exit(code: Int32)
        case signal(Int32)
    }

    /// Where its standard streams lead. What is not redirected is read through this object.
    package struct Redirection: Sendable {
        /// A file to read from.
        package var input = "/dev/null"
        /// A file for the standard output.
        package var output: String?
        /// A file for the standard error.
        package var errors: String?

        package init(input: String = "/dev/null", output: String? = nil, errors: String? = nil) {
            (self.input, self.output, self.errors) = (input, output, errors)
        }
    }

    package let pid: pid_t
    /// This side's end of what it prints.
    let output: Int32
    private let over = Locked<End?>(nil)
    private static let launching = Locked(())

    /// Runs `body` while no process is started: what it opens and marks as not to be inherited is not inherited in between. A copy in another process
    /// would hide the end of a connection.
    static func withoutOtherLaunches<Result: Sendable, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try self.launching.withLock { (_) throws(Failure) in try body() }
    }

    /// Starts a program, found on `PATH` when its name has no slash. Without `environment` it sees a few variables of this process.
    package init(
        _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil, redirection: Redirection = Redirection()
    ) throws {
        // The call that would change the folder is not in Swift's view of the C library.
        let command = directory.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0] + arguments } ?? arguments
        (self.pid, self.output) = try Self.withoutOtherLaunches { () throws(LaunchError) in
            try Self.spawn(command, environment ?? Self.ordinaryEnvironment, redirection)
        }
    }

    deinit {
        self.end()
        close(self.output)
    }

    // MARK: The start

    private static var ordinaryEnvironment: [String: String] {
        var variables: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "TMPDIR", "CI"] { variables[name] = TestEnvironment.variable(name) }
        return variables
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ redirection: Redirection
    ) throws(LaunchError) -> (pid_t, Int32) {
        // Sockets, unlike pipes, can be closed for other children from their first moment on, whoever starts them.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw LaunchError("no sockets: errno \(errno)")
        }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, redirection.input, O_RDONLY, 0)
        for (descriptor, file) in [(STDOUT_FILENO, redirection.output), (STDERR_FILENO, redirection.errors)] {
            if let file {
                posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            } else {
                posix_spawn_file_actions_adddup2(&actions, ends[1], descriptor)
            }
        }

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
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, &attributes, &argv, &variables)
        guard code == 0 else {
            close(ends[0])
            throw LaunchError("cannot start \(arguments[0]): \(String(cString: strerror(code)))")
        }
        return (pid, ends[0])
    }

    // MARK: The end

    /// Sends it a signal, unless its end was already seen: its pid may be another's by then.
    package func signal(_ number: Int32) {
        self.over.withLock { end in
            if end == nil { kill(self.pid, number) }
        }
    }

    /// Ends it and blocks until it has ended.
    @discardableResult
    package func end(_ number: Int32 = SIGKILL) -> End {
        self.signal(number)
        return self.waitForEnd()
    }

    /// Waits for its end; a cancelled waiter kills it.
    package func ended() async -> End {
        await withTaskCancellationHandler {
            await blocking { self.waitForEnd() }
        } onCancel: {
            self.signal(SIGKILL)
        }
    }

    private func waitForEnd() -> End {
        if let end = self.over.withLock({ $0 }) { return end }
        // Several may wait; the pid stays taken until one of them has noted the end.
        var information = siginfo_t()
        while waitid(P_PID, id_t(self.pid), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return self.over.withLock { end in
            if let end { return end }
            var status: Int32 = 0
            waitpid(self.pid, &status, 0)
            let new = status & 0x7F == 0 ? End.exit(code: (status >> 8) & 0xFF) : .signal(status & 0x7F)
            end = new
            return new
        }
    }
}
