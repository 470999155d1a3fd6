import ArgumentParser
import JSON
import Load
import SessionStore
import Settings

/// `load`
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a store or a running server, and verify every answer.",
        discussion: """
            Without --store or --url it loads a store in memory, which needs nothing. Each read is compared with the writes acknowledged before it, across all \
            workers: an answer that is older, somebody else's, forged or missing is wrong, and makes the exit code 1. Errors are counted by kind. A closed loop \
            (--concurrency) begins an operation when one has ended; an open one (--rate) begins them on time and counts the wait for a slow store as latency.

            Its sessions are <prefix>.0, <prefix>.1, ... and stay where they are unless --clean is given. A table of AWS's own has to be named with --table. \
            Ctrl-C ends it with its summary.

            Examples:
              bedrock-sessions load --duration 5s
              bedrock-sessions load --store dynamodb --table NFTBedrockSessions-test --redis redis://127.0.0.1:6379 --report report.html
              bedrock-sessions load --url http://127.0.0.1:8080 --rate 2000 --duration 60s --warm-up 5s --workers 2
            """)

    @Option(
        help: ArgumentHelp(
            "A running `serve`, instead of a store of this process. BEDROCK_SESSIONS_TOKEN is shown to it.", valueName: "url"))
    var url: String?
    @Option(help: ArgumentHelp("A page with plots, for a browser.", valueName: "file"))
    var report: String?
    @OptionGroup var load: LoadOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if self.url != nil, self.store.store != nil || self.store.redis != nil || self.store.table != nil {
            throw ValidationError("--url names a server, which has its own store: leave out --store, --redis and --table")
        }
    }

    func run() async throws {
        if let worker = try LoadWorker(self) { return try await worker.work() }
        try self.checkReport()
        let settings = try self.settings()
        let plan = try self.load.plan(for: settings)
        let conductor = LoadConductor(plan: plan, workers: self.load.workers, cleans: self.load.clean)
        let result: LoadResult
        if self.load.workers > 1 {
            if self.url == nil, settings.store == .memory {
                throw CommandFailure.usage("a store in memory is one process's own: leave out --workers, or name another --store")
            }
            result = try await conductor.conduct(try LoadCrew(plan, workers: self.load.workers))
        } else {
            let ledgers = try Ledgers(count: plan.sessions)
            result = try await self.withTarget(settings) { target in
                try await conductor.conduct(LocalForce(run: LoadRun(plan, on: target.store, ledgers: ledgers, loop: target.loop)))
            }
        }
        try self.tell(result, remain: !self.load.clean && (self.url != nil || settings.store != .memory))
    }

    private func tell(_ result: LoadResult, remain: Bool) throws(CommandFailure) {
        if let report = self.report {
            guard Console.write(Array(LoadReport(result, title: self.title, time: SystemClock().now.iso8601 ?? "").html.utf8), file: report)
            else {
                throw .failed("the report cannot be written to \(report)")
            }
        }
        if self.output.json { Console.print(result.json.encoded) } else { Console.print(result.text(Style())) }
        if remain { Console.complain("its sessions are still there; --clean removes them") }
        if result.wrong > 0 { throw .failed("\(result.wrong) answers were wrong: the store does not keep what it promises") }
        if result.total.answered == 0, !result.isInterrupted { throw .failed("nothing was answered: see the errors above") }
    }

    /// Now, and not after an hour of load.
    private func checkReport() throws(CommandFailure) {
        guard let report = self.report else { return }
        guard Console.write([], file: report) else { throw .usage("--report: a file cannot be written there") }
    }

    /// What is loaded, without what only its owner needs to know.
    private var title: String {
        if self.url != nil { return "a server" }
        let store = self.store.store.map { String($0.prefix { $0 != ":" }) } ?? "store"
        return store + (self.store.redis == nil ? "" : " behind Redis")
    }
}
