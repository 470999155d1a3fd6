import ArgumentParser
import JSON
import Operations
import SessionStore
import Settings

/// `selftest`
struct SelfTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Hold the configured table and cache to the contract of a store, under ids that nobody else has, and clean up.",
        discussion: """
            Reads, writes, races, ownership, sizes, batches: what every store here promises, on the very table and cache that are configured. Sentences about \
            expiry and outages are left out, for nobody can move this clock or take this table away. With the right dynamodb:DeleteItem nothing is left; \
            without it the marks of deletions stay, without data, until the table's time to live removes them.

            Exit code 1 when a promise was broken, or something could not be removed.

            Examples:
              bedrock-sessions selftest --store dynamodb --table NFTBedrockSessions-dev --redis redis://127.0.0.1:6379
              bedrock-sessions selftest --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let settings = try self.store.settings()
        let asJSON = self.output.json
        try await self.store.withStore(settings: settings, isInterruptible: true) { stores in
            let progress = Progress("selftest", total: SelfTest.promises)
            let report = await SelfTest(stores.services, timeToLive: settings.timeToLive).run { progress.advance() }
            progress.finish()
            if asJSON { Console.print(report.json.encoded) } else { Console.print(report.text) }
            if Task.isCancelled { throw SessionStoreError(.cancelled, "interrupted") }
            guard report.findings.isEmpty, report.left == 0 else { throw CommandFailure.failed(report.failure) }
        }
    }
}

extension SelfTest.Report {
    /// `kept` (a number), `left_out` and `findings` (sentences), `removed`, `marks` and `left` (numbers of keys).
    fileprivate var json: JSONValue {
        [
            "kept": .number(String(self.kept.count)), "left_out": .array(self.leftOut.map { .string($0) }),
            "findings": .array(self.findings.map { .string($0) }), "removed": .number(String(self.removed)),
            "marks": .number(String(self.marks)), "left": .number(String(self.left)),
        ]
    }

    fileprivate var text: String {
        var lines = self.findings.map { "BROKEN  \($0)" }
        lines.append("\(self.kept.count) promises kept, \(self.leftOut.count) not tried; \(self.removed) throw-away keys removed")
        if self.marks > 0 {
            lines.append("\(self.marks) marks of deletions stay until the time to live removes them: dynamodb:DeleteItem is not allowed")
        }
        return lines.joined(separator: "\n")
    }

    fileprivate var failure: String {
        self.findings.isEmpty
            ? "\(self.left) throw-away keys could not be removed; they end by their time to live"
            : "\(self.findings.count) findings: the store does not do what every store here promises"
    }
}
