import JSON
import Load
import Locked
import Settings

/// One of several processes that make a load together: it does its part, and tells the process that started it by lines on its standard output.
///
/// What it is told comes in lines on its standard input: `go` and `clean`. When that ends, it ends.
struct LoadWorker {
    /// Which of how many a process is, in its environment: `0/4`.
    static let variable = "BEDROCK_SESSIONS_LOAD_WORKER"
    /// Where the shared ledgers are open.
    static let ledgers: Int32 = 3

    private let command: LoadCommand
    private let number: Int
    private let count: Int

    /// The worker that this process is; nil: it is none.
    init?(_ command: LoadCommand) throws(CommandFailure) {
        guard let text = Variables.value(Self.variable) else { return nil }
        let parts = text.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[0] >= 0, parts[0] < parts[1] else {
            throw .usage("\(Self.variable) is for the workers of a load alone")
        }
        self.command = command
        (self.number, self.count) = (parts[0], parts[1])
    }

    /// Does this process's part.
    func work() async throws {
        let settings = try self.command.settings()
        let plan = try self.command.load.plan(for: settings)
        let ledgers = try Ledgers(shared: Self.ledgers, count: plan.sessions)
        let (worker, cleans) = ((number: self.number, of: self.count), self.command.load.clean)
        let orders = LineReader.lines(of: 0)
        try await self.command.withTarget(settings) { target in
            let run = LoadRun(plan, on: target.store, ledgers: ledgers, loop: target.loop, worker: worker)
            let (stream, continuation) = AsyncStream<String>.makeStream()
            let listening = Task {
                for await line in orders { continuation.yield(String(decoding: line, as: UTF8.self)) }
                run.stop()
                continuation.finish()
            }
            defer { listening.cancel() }
            let told = Telling()
            if plan.fills { await run.fill(told.tell) }
            told.flush()
            Console.print(LoadNews.ready.json.encoded)
            for await order in stream {
                switch order {
                case "go":
                    let span = try await run.run(told.tell)
                    Console.print(LoadNews.done(span).json.encoded)
                    if !cleans { return }
                case "clean":
                    await run.clean(told.tell)
                    told.flush()
                    Console.print(LoadNews.ready.json.encoded)
                    return
                default: return
                }
            }
        }
    }
}

/// Tells the process that started this one; sessions that were filled in one go.
private final class Telling: Sendable {
    private let filled = Locked(0)

    @Sendable func tell(_ news: LoadRun.News) {
        guard case .filled(let count) = news else { return Console.print(LoadNews.news(news).json.encoded) }
        let sum = self.filled.withLock { filled -> Int in
            filled += count
            return filled
        }
        if sum >= 200 { self.flush() }
    }

    func flush() {
        let count = self.filled.withLock { filled -> Int in
            defer { filled = 0 }
            return filled
        }
        if count > 0 { Console.print(LoadNews.news(.filled(count)).json.encoded) }
    }
}
