import Glibc
import Load
import Locked

/// A worker of a load, as the process that started it sees it.
final class LoadProcess: Sendable {
    private let pid: pid_t
    /// Its standard input and output; closed by whoever reads the news.
    private let socket: Int32
    private let news: LoadNewsQueue

    /// Starts this program once more, as that worker (`0/4`). Throws when the system refuses.
    init(_ name: String, ledgers: Int32) throws(CommandFailure) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { throw Self.refused }
        defer { close(ends[1]) }
        guard let pid = Self.spawn(name, stream: ends[1], ledgers: ledgers) else {
            close(ends[0])
            throw Self.refused
        }
        self.pid = pid
        self.socket = ends[0]
        self.news = LoadNewsQueue(ends[0])
    }

    private static var refused: CommandFailure {
        .failed("the system does not start another process (errno \(errno)): ask for fewer --workers")
    }

    /// Tells it what to do next. It may have ended; whoever listens to it sees that.
    func order(_ word: String) {
        let line = Array((word + "\n").utf8)
        _ = send(self.socket, line, line.count, Int32(MSG_NOSIGNAL))
    }

    /// Passes on what it tells until it is ready for another order or has done the load, whose figures are answered.
    func listen(_ tell: @Sendable (LoadRun.News) -> Void) async throws -> LoadRun.Span? {
        while let news = await self.news.next() {
            switch news {
            case .ready: return nil
            case .done(let span): return span
            case .news(let news): tell(news)
            }
        }
        throw CommandFailure.failed("a worker has ended before its time: what it said is above")
    }

    /// Has it end, and waits for that.
    func end() async {
        // Without an input it ends, in order.
        shutdown(self.socket, Int32(SHUT_WR))
        while await self.news.next() != nil {}
        var status: Int32 = 0
        while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
    }

    private static func spawn(_ name: String, stream: Int32, ledgers: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stream, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stream, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ledgers, LoadWorker.ledgers)
        // In a group of its own, so that Ctrl-C reaches the process that started it alone. Threads of the Swift runtime block signals, which a process inherits.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) } + [nil]
        var variables =
            Self.environment.map { strdup($0) as UnsafeMutablePointer<CChar>? } + [strdup("\(LoadWorker.variable)=\(name)"), nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        return posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, &arguments, &variables) == 0 ? pid : nil
    }

    /// `NAME=value`, each.
    private static var environment: [String] {
        var variables: [String] = []
        var place = environ
        while let text = place.pointee {
            variables.append(String(cString: text))
            place += 1
        }
        return variables
    }
}

/// What a worker tells, in order. One listener at a time.
private struct LoadNewsQueue: Sendable {
    private let lines: AsyncStream<[UInt8]>

    init(_ descriptor: Int32) {
        self.lines = LineReader.lines(of: descriptor)
    }

    /// The next; nil when it has ended. What is no news is left out.
    func next() async -> LoadNews? {
        for await line in self.lines {
            if let news = LoadNews(line) { return news }
        }
        return nil
    }
}
