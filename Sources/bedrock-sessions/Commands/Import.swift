import ArgumentParser
import JSON
import Operations
import SessionStore

/// `import [FILE]`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put the sessions of an export back into the table, where it has nothing later and nobody else's.",
        discussion: """
            Reads JSON lines as `export` and AWS's exports write them, from a file or standard input. An item goes into the table whole, with its version, owner \
            and expiration, if the table has none, or an older version of the same owner's; the cache is told as of any write. What has expired, is there \
            already, or was changed or deleted since is left. --dry-run decides and writes nothing.

            Exit code 1 when a line is none, or an item could not be put back because it is another's.

            Examples:
              bedrock-sessions import sessions.jsonl --dry-run --store dynamodb --table NFTBedrockSessions-dev
              gunzip < sessions.jsonl.gz | bedrock-sessions import --json
            """)

    @Argument(help: ArgumentHelp("The file. (default: standard input)", valueName: "file"))
    var file: String?
    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (file, isRehearsal, asJSON) = (self.file, self.dryRun, self.output.json)
        try await self.store.withStore(isInterruptible: true) { stores in
            guard let importing = Importing(stores.services, isRehearsal: isRehearsal) else {
                throw CommandFailure.usage(UserItems.needsTable)
            }
            guard let lines = LineReader(file) else {
                throw CommandFailure.failed("the file cannot be read: check its name, and who may read it")
            }
            let progress = Progress("import", total: nil)
            var report = Importing.Report()
            while let line = try lines.next() {
                if Task.isCancelled { throw SessionStoreError(.cancelled, "interrupted") }
                switch try await importing.add(line) {
                case .write: report.written += 1
                case .leave(let reason): report.left[reason, default: 0] += 1
                }
                progress.advance()
            }
            progress.finish()
            if asJSON { Console.print(report.json(isRehearsal).encoded) } else { Console.print(report.text(isRehearsal)) }
            guard report.isComplete else { throw CommandFailure.failed("not every line is in the table now: see what was left, and why") }
        }
    }
}

extension Importing.Report {
    /// `dry_run`, `written`, and `left` with a number for each reason.
    fileprivate func json(_ isRehearsal: Bool) -> JSONValue {
        let left = ImportDecision.Reason.allCases.map { JSONValue.Member($0.rawValue, .number(String(self.left[$0] ?? 0))) }
        return ["dry_run": .bool(isRehearsal), "written": .number(String(self.written)), "left": .object(left)]
    }

    fileprivate func text(_ isRehearsal: Bool) -> String {
        let words: [ImportDecision.Reason: String] = [
            .malformed: "are no items of sessions", .ended: "have ended", .same: "are there already", .newer: "are later in the table",
            .otherOwner: "are another user's in the table", .occupied: "have something else in their place",
            .contended: "were written by others all the time",
        ]
        let left = ImportDecision.Reason.allCases.compactMap { reason in
            self.left[reason].map { "\n\($0) left: they \(words[reason] ?? reason.rawValue)" }
        }
        return "\(self.written) \(isRehearsal ? "would be written" : "written")" + left.joined()
    }
}
