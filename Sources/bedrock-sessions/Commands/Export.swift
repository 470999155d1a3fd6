import ArgumentParser
import Operations
import SessionStore

/// `export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write every live session and memory of the table as JSON lines.",
        discussion: """
            A line is an item in DynamoDB's own JSON, {"Item":{"session_id":{"S":"s-1"},...}}, as AWS's exports to S3 have it: types and attributes of other \
            programs are kept. What has expired or was deleted is left out. Needs the right dynamodb:Scan. The lines hold wallets: keep the file as you \
            keep the table.

            Examples:
              bedrock-sessions export --store dynamodb --table NFTBedrockSessions-prod > sessions.jsonl
              bedrock-sessions export --segments 8 | gzip > sessions.jsonl.gz
            """)

    @Option(help: ArgumentHelp("Parts of the table that are read at the same time, 1 to 64.", valueName: "number"))
    var segments = 4
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (1...64).contains(self.segments) else { throw ValidationError("--segments is a number from 1 to 64") }
    }

    func run() async throws {
        let segments = self.segments
        try await self.store.withStore(isInterruptible: true) { stores in
            guard let exporting = Exporting(stores.services) else { throw CommandFailure.usage(UserItems.needsTable) }
            let progress = Progress("export", total: await stores.services.itemCount)
            try await exporting.run(segments: segments) { lines, ended in
                if !lines.isEmpty { Console.print(Array(lines.joined(separator: [UInt8(ascii: "\n")]))) }
                progress.advance(by: lines.count + ended)
            }
            progress.finish()
        }
    }
}
