import Glibc
import TestSupport

/// A process of the executable, with its streams in files or a socket that no other process of the test run inherits: Foundation's `Process` does not
/// notice an end while another child holds a copy of its descriptors.
final class ToolProcess: Sendable {
    let pid: pid_t
    /// Where its standard output is read from; -1 when the output goes to a file.
    let output: Int32

    /// How a process ended.
    enum End: Hashable {
        case exit(code: Int32)
        case signal(Int32)
    }

    /// Starts it. Without `output` its standard output is for `lines`.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String, input: String = "/dev/null",
        output: String? = nil, errors: String = "/dev/null"
    ) throws {
        var ends: [Int32] = [-1, -1]
        // Unlike a pipe, a pair of sockets is closed for other children from its first moment on.
        if output == nil, socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) != 0 {
            throw ChildProcess.LaunchError("no sockets: errno \(errno)")
        }
        defer { if ends[1] >= 0 { close(ends[1]) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        if let output {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        let command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory, executable] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for variable in variables { free(variable) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, command[0], &actions, nil, &argv, &variables)
        guard code == 0 else {
            if ends[0] >= 0 { close(ends[0]) }
            throw ChildProcess.LaunchError("cannot start \(executable): \(String(cString: strerror(code)))")
        }
        self.pid = pid
        self.output = ends[0]
    }

    deinit {
        if self.output >= 0 { close(self.output) }
    }

    /// Waits for its end, on a thread of its own.
    func end() async -> End {
        await withCheckedContinuation { continuation in
            onThread { [pid] in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? .exit(code: (status >> 8) & 0xFF) : .signal(signal))
            }
        }
    }

    /// Reads its output up to that many lines, or its end, on a thread of its own.
    func lines(_ count: Int) async -> String {
        await withCheckedContinuation { continuation in
            onThread { [output] in
                var text: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 4096)
                while text.count(where: { $0 == UInt8(ascii: "\n") }) < count {
                    let length = read(output, &chunk, chunk.count)
                    if length < 0 && errno == EINTR { continue }
                    if length <= 0 { break }
                    text += chunk[..<length]
                }
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }
}
