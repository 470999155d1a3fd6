import ArgumentParser
import JSON
import Operations
import SessionStore
import Wiring

/// `warm`
struct Warm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load the live sessions of the table into the cache before readers come.",
        discussion: """
            The table is walked in parallel segments (the right dynamodb:Scan), and each live session is read through the cache as a reader would, under a lease: \
            what a writer does meanwhile is never covered by something older. --rate bounds what it costs the table beside those who serve. What is in the \
            cache already is left as it is, so it can be interrupted and run again.

            Exit code 1 when a session could not be read.

            Examples:
              bedrock-sessions warm --store dynamodb --table NFTBedrockSessions-prod --redis rediss://cache.example.com:6379
              bedrock-sessions warm --segments 8 --rate 2000 --json
            """)

    @OptionGroup var pace: PaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (pace, asJSON) = (self.pace, self.output.json)
        try await self.store.withStore(isInterruptible: true) { stores in
            guard let warming = Warming(stores.services, perSecond: pace.rate) else {
                throw CommandFailure.usage("warming needs a table and a cache: --store dynamodb and --redis URL")
            }
            let progress = Progress("warm", total: await stores.services.itemCount)
            let report = try await warming.run(segments: pace.segments) { progress.advance(by: $0) }
            progress.finish()
            if asJSON { Console.print(report.json.encoded) } else { Console.print(report.text) }
            guard report.failed == 0 else { throw CommandFailure.failed("\(report.failed) sessions could not be read: run it again") }
        }
    }
}

extension Warming.Report {
    /// `loaded`, `present`, `not_kept`, `failed`, `ended`: numbers of items.
    fileprivate var json: JSONValue {
        [
            "loaded": .number(String(self.loaded)), "present": .number(String(self.present)), "not_kept": .number(String(self.notKept)),
            "failed": .number(String(self.failed)), "ended": .number(String(self.ended)),
        ]
    }

    fileprivate var text: String {
        "\(self.loaded) loaded, \(self.present) there already, \(self.notKept) not kept by the cache, \(self.failed) failed, \(self.ended) ended"
    }
}
