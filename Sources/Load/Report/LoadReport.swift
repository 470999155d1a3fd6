/// A page about a load, for a browser: one file with everything in it, no scripts, nothing fetched.
package struct LoadReport: Sendable {
    let result: LoadResult
    private let title: String
    private let time: String

    /// A page that says what was loaded, and when, in words.
    package init(_ result: LoadResult, title: String, time: String) {
        (self.result, self.title, self.time) = (result, title, time)
    }

    /// The page.
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>Load of \(self.title.escapedForHTML)</title>
        <style>
        \(ReportStyle.sheet)
        </style>
        </head>
        <body>
        <h1>Load of \(self.title.escapedForHTML)</h1>
        <p>\(self.summary.escapedForHTML)</p>
        <div class="tiles">\(self.tiles.joined())</div>
        <div class="plots">
        \(self.plots.map(\.html).joined(separator: "\n"))
        </div>
        \(self.table)
        \(self.errorTable)
        </body>
        </html>

        """
    }

    private var summary: String {
        let plan = self.result.plan
        let popularity =
            switch plan.popularity {
            case .zipf(let exponent): "Zipf \(exponent)"
            case .uniform: "uniform"
            }
        let pacing =
            switch plan.pacing {
            case .closed: "closed loop of \(plan.concurrency)"
            case .open(let rate): "open loop of \(LoadText.number(rate)) a second"
            }
        let shares: [(name: String, share: Double)] = [
            ("reads", plan.mix.reads), ("writes", plan.mix.writes), ("deletions", plan.mix.deletes),
        ]
        let whole = shares.reduce(0) { $0 + $1.share }
        let mix = shares.filter { $0.share > 0 }.map { LoadText.percent($0.share / whole) + " " + $0.name }.joined(separator: ", ")
        return "\(self.time): \(plan.sessions) sessions, \(popularity); \(mix); values of \(plan.valueBytes) bytes; \(pacing); "
            + "\(LoadText.number(self.result.duration / .seconds(1))) s after \(LoadText.number(plan.warmUp / .seconds(1))) s of warm-up; "
            + "\(self.result.workers) process\(self.result.workers == 1 ? "" : "es"); seed \(plan.seed)."
            + (self.result.isInterrupted ? " It was interrupted." : "")
    }

    private var tiles: [String] {
        let all = self.result.total.merged()
        let hits = self.result.total.hitRatio.map(LoadText.percent) ?? "-"
        let wrong = self.result.wrong
        return [
            Self.tile(LoadText.number(self.result.rate), "operations a second"),
            Self.tile(hits, "of reads from the cache"),
            Self.tile(LoadText.time(all.percentile(50)), "median"),
            Self.tile(LoadText.time(all.percentile(99)), "99 % within"),
            Self.tile(String(self.result.total.failures), "errors", self.result.total.failures == 0 ? "" : "bad"),
            Self.tile(wrong == 0 ? "none" : String(wrong), "wrong answers", wrong == 0 ? "good" : "bad"),
        ]
    }

    private static func tile(_ figure: String, _ caption: String, _ kind: String = "") -> String {
        #"<div><b class="\#(kind)">\#(figure.escapedForHTML)</b><span>\#(caption)</span></div>"#
    }

    private var table: String {
        let table = LoadTable(self.result)
        let rows = table.rows.map { row in "<tr>" + row.map { "<td>\($0.escapedForHTML)</td>" }.joined() + "</tr>" }
        return """
            <div class="wide"><table><thead><tr>\(table.head.map { "<th>\($0)</th>" }.joined())</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
            """
    }

    private var errorTable: String {
        let errors = self.result.total.errors.sorted { $0.key < $1.key }.map { word, count in
            "<tr><td>\(word.escapedForHTML)</td><td>\(count)</td><td>\((self.result.total.sentences[word] ?? "").escapedForHTML)</td></tr>"
        }
        let faults = self.result.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { fault, count in
            #"<tr><td class="bad">\#(fault.rawValue)</td><td>\#(count)</td><td>wrong answers: \#(fault.meaning)</td></tr>"#
        }
        if errors.isEmpty, faults.isEmpty { return "" }
        return """
            <div class="wide"><table><thead><tr><th>what failed</th><th>count</th><th></th></tr></thead>
            <tbody>\((faults + errors).joined(separator: "\n"))</tbody></table></div>
            """
    }
}

extension Ledger.Fault {
    /// What it means, for a person.
    package var meaning: String {
        switch self {
        case .stale: "older than a write acknowledged before the read began"
        case .lost: "no session, and nobody had deleted it"
        case .foreign: "another session's content"
        case .forged: "what nobody has written"
        case .mixed: "an acknowledged version with the content of another"
        case .order: "a write whose version is not above those acknowledged before it began"
        }
    }
}
