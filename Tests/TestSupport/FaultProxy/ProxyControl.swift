import Glibc
import Locked

/// How a test's tasks talk to the proxy's thread: a queue, and a descriptor that becomes readable when there is something in it.
final class ProxyControl: Sendable {
    enum Command {
        case set(FaultProxy.Fault, CheckedContinuation<Void, Never>)
        case cut(reset: Bool, CheckedContinuation<Void, Never>)
        case lead(to: Int, CheckedContinuation<Void, Never>)
        case end
    }

    /// Readable when commands wait.
    var descriptor: Int32 { self.ends.reader }
    private let ends: (reader: Int32, writer: Int32)
    private let commands = Locked<[Command]>([])

    init() throws {
        // Not a pipe: sockets are closed for child processes from their first moment on.
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw ChildProcess.LaunchError("no sockets: errno \(errno)") }
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(self.ends.reader)
        close(self.ends.writer)
    }

    func send(_ command: Command) {
        self.commands.withLock { $0.append(command) }
        var byte: UInt8 = 0
        // When there is no room for it the reader is awake already.
        _ = Glibc.send(self.ends.writer, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    func take() -> [Command] {
        var buffer = [UInt8](repeating: 0, count: 64)
        while recv(self.descriptor, &buffer, buffer.count, 0) > 0 {}
        return self.commands.withLock { commands in
            defer { commands = [] }
            return commands
        }
    }
}
