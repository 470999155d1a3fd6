import EventLoop
import Glibc

/// One command while it runs. Loop only.
final class RunningCommand {
    typealias Waiter = CheckedContinuation<Result<[UInt8], CommandRunner.Failure>, Never>

    private let loop: UVLoop
    private var waiter: Waiter?
    private var wasCancelled = false
    private var pid: pid_t = 0
    private var input: Int32 = -1
    private var watcher: LoopDescriptor?
    private var deadline: LoopTimer?
    private var reaper: LoopTimer?
    private var hook: ShutdownHook?
    private var output: [UInt8] = []

    /// How often an ended program is looked for after its output has ended: it is about to.
    private static let reapInterval: Duration = .milliseconds(5)

    init(loop: UVLoop) {
        self.loop = loop
    }

    func start(_ command: String, within time: Duration, _ waiter: Waiter) {
        self.waiter = waiter
        if self.wasCancelled { return self.finish(.failure(.cancelled)) }
        var ends: [Int32] = [-1, -1]
        // Sockets, unlike pipes, are not inherited by other children from their first moment on.
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return self.finish(.failure(.notStarted(errno)))
        }
        self.input = ends[0]
        let started = CommandRunner.spawn(command, output: ends[1])
        close(ends[1])
        switch started {
        case .failure(let failure): return self.finish(.failure(.notStarted(failure.code)))
        case .success(let pid): self.pid = pid
        }
        _ = fcntl(self.input, F_SETFL, fcntl(self.input, F_GETFL) | O_NONBLOCK)
        do throws(EventLoopError) {
            self.watcher = try LoopDescriptor(self.loop, descriptor: self.input) { [self] _ in self.read() }
        } catch {
            return self.kill(.cancelled)
        }
        self.watcher?.watch(.readable)
        self.deadline = LoopTimer(self.loop) { [self] in self.kill(.tooSlow) }
        self.deadline?.arm(after: time)
        self.hook = self.loop.onShutdown { [self] in self.kill(.cancelled) }
    }

    func cancel() {
        self.wasCancelled = true
        if self.waiter != nil { self.kill(.cancelled) }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(self.input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else { break }
            self.output.append(contentsOf: buffer[..<count])
            if self.output.count > CommandRunner.limit { return self.kill(.tooMuch) }
        }
        // The end of its output is all but the end of the program.
        self.watcher?.watch([])
        self.reap()
    }

    private func reap() {
        guard self.waiter != nil else { return }
        var status: Int32 = 0
        let found = unsafe waitpid(self.pid, &status, WNOHANG)
        if found == 0 {
            if self.reaper == nil { self.reaper = LoopTimer(self.loop) { [self] in self.reap() } }
            self.reaper?.arm(after: Self.reapInterval)
            return
        }
        self.pid = 0
        // Where the process ignores its children's ends, their status is not to be had: the output has to speak for itself.
        let code = found < 0 ? 0 : status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
        self.finish(code == 0 ? .success(self.output) : .failure(.failed(code)))
    }

    /// Ends the program and all that it started, and waits for it: a killed process is gone at once.
    private func kill(_ failure: CommandRunner.Failure) {
        if self.pid > 0 {
            _ = Glibc.kill(-self.pid, SIGKILL)
            while waitpid(self.pid, nil, 0) < 0 && errno == EINTR {}
            self.pid = 0
        }
        self.finish(.failure(failure))
    }

    private func finish(_ result: Result<[UInt8], CommandRunner.Failure>) {
        guard let waiter = self.waiter else { return }
        self.waiter = nil
        self.hook?.cancel()
        self.hook = nil
        self.deadline?.close()
        self.reaper?.close()
        let input = self.input
        if let watcher = self.watcher { watcher.close { Glibc.close(input) } } else if input >= 0 { close(input) }
        (self.deadline, self.reaper, self.watcher) = (nil, nil, nil)
        waiter.resume(returning: result)
    }
}
