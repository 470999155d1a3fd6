import EventLoop
@unsafe @preconcurrency import Glibc

/// Runs a shell command and collects what it prints, without blocking a thread: its output is a descriptor of the loop.
struct CommandRunner: Sendable {
    private let loop: UVLoop

    /// Why there is no output.
    enum Failure: Error, Equatable {
        case notStarted(Int32)
        case tooSlow
        case tooMuch
        /// Its exit status, or minus its signal.
        case failed(Int32)
        case cancelled
    }

    /// Bytes of output.
    static let limit = 64 * 1024

    init(loop: UVLoop) {
        self.loop = loop
    }

    /// What `command` printed before it ended with status 0. Killed, with all that it started, when the time is over, when it prints too much, and when
    /// the task is cancelled. Its errors go nowhere: they may quote secrets.
    func output(of command: String, within time: Duration) async throws(Failure) -> [UInt8] {
        let running = LoopBound(RunningCommand(loop: self.loop), loop: self.loop)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Result<[UInt8], Failure>, Never>) in
                self.loop.execute { running.value.start(command, within: time, waiter) }
            }
        } onCancel: {
            self.loop.execute { running.value.cancel() }
        }
        return try result.get()
    }

    /// Starts `/bin/sh -c command` in a process group of its own, with `output` as its standard output.
    static func spawn(_ command: String, output: Int32) -> Result<pid_t, SpawnFailure> {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        unsafe self.closeOthers(&actions)
        // Threads of the Swift runtime block signals, and a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var pid: pid_t = 0
        var code: Int32 = 0
        unsafe "/bin/sh".withCString { shell in
            unsafe "-c".withCString { option in
                unsafe command.withCString { text in
                    // posix_spawn(3) takes pointers to mutable bytes and changes none of them.
                    var arguments = unsafe [
                        UnsafeMutablePointer(mutating: shell), UnsafeMutablePointer(mutating: option), UnsafeMutablePointer(mutating: text),
                        nil,
                    ]
                    code = unsafe posix_spawn(&pid, shell, &actions, &attributes, &arguments, environ)
                }
            }
        }
        return code == 0 ? .success(pid) : .failure(SpawnFailure(code: code))
    }

    struct SpawnFailure: Error {
        var code: Int32
    }

    /// Has the child close all descriptors but the three standard ones: all of ours are closed at the start of a program, those of the rest of the process
    /// may not be. Where the C library cannot (glibc before 2.34), those that are open now.
    private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
        typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
        // Not in Swift's view of the C library; a null handle searches the whole process (dlsym(3)).
        if let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
            let closeFrom = unsafe unsafeBitCast(symbol, to: CloseFrom.self)
            if unsafe closeFrom(&actions, 3) == 0 { return }
        }
        for descriptor in Int32(3)..<4096 {
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0, flags & FD_CLOEXEC == 0 { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
    }
}
