import ArgumentParser
import Dynamo
import JSON
import Operations
import SessionStore
import Wiring

/// `audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Walk cache and table and report the entries that disagree; repair them with --repair.",
        discussion: """
            Each key of the cache is compared with its item, read consistently, and believed to differ only if it is the same before and after: writes that are \
            under way are not reported. The table is walked for items that are no sessions (the right dynamodb:Scan). --repair has the cache ask the table \
            anew, by the steps of a read, so that it is safe while others read and write. Items are never changed.

            Exit code 1 when something differs that was not repaired.

            Examples:
              bedrock-sessions audit --store dynamodb --table NFTBedrockSessions-prod --redis rediss://cache.example.com:6379
              bedrock-sessions audit --repair --rate 100 --json
            """)

    @Flag(help: "Repair the cache's entries that disagree.")
    var repair = false
    @OptionGroup var pace: PaceOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let (repairs, pace, asJSON) = (self.repair, self.pace, self.output.json)
        try await self.store.withStore(isInterruptible: true) { stores in
            let services = stores.services
            guard services.core != nil || services.dynamo != nil else {
                throw CommandFailure.usage("there is nothing to audit: name a table with --store dynamodb, and a cache with --redis")
            }
            let audit = Audit(services, repairs: repairs, perSecond: pace.rate)
            if services.core != nil {
                let progress = Progress("cache", total: await services.keyCount)
                try await audit.walkCache { progress.advance(by: $0) }
                progress.finish()
            }
            // What was found in the cache is told also where the table may not be walked.
            let failure = await Self.walkTable(audit, services, segments: pace.segments)
            let report = audit.result
            if asJSON { Console.print(report.json.encoded) } else { Console.print(report.text) }
            if let failure { throw failure }
            let left = report.findings.count { !$0.isRepaired }
            guard left == 0 else {
                throw CommandFailure.failed(
                    "\(left) keys differ" + (repairs ? " that cannot be repaired here" : ": --repair has the cache ask the table anew"))
            }
        }
    }

    private static func walkTable(_ audit: Audit, _ services: SessionServices, segments: Int) async -> SessionStoreError? {
        guard services.dynamo != nil else { return nil }
        let progress = Progress("table", total: await services.itemCount)
        do throws(SessionStoreError) {
            try await audit.walkTable(segments: segments) { progress.advance(by: $0) }
            progress.finish()
            return nil
        } catch {
            return error
        }
    }
}

extension Audit.Report {
    /// `cache_keys`, `under_way`, `live_items`, `ended_items`, `malformed_items`, and `findings` with `session` (or null), `problem`, `repaired`.
    fileprivate var json: JSONValue {
        let findings = self.findings.map { finding -> JSONValue in
            [
                "session": finding.key.map { .string($0.rawValue) } ?? .null, "problem": .string(finding.problem),
                "repaired": .bool(finding.isRepaired),
            ]
        }
        return [
            "cache_keys": .number(String(self.cached)), "under_way": .number(String(self.underWay)),
            "live_items": .number(String(self.live)),
            "ended_items": .number(String(self.ended)), "malformed_items": .number(String(self.malformed)), "findings": .array(findings),
        ]
    }

    fileprivate var text: String {
        var lines = self.findings.map { finding in
            "\(finding.isRepaired ? "repaired" : "DIFFERS ")  \(finding.key?.rawValue ?? "(no session)")  \(finding.problem)"
        }
        lines.append(
            "cache: \(self.cached) keys, \(self.underWay) in use; table: \(self.live) live, \(self.ended) ended, \(self.malformed) malformed"
        )
        return lines.joined(separator: "\n")
    }
}
