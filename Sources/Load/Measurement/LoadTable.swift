/// The figures of a load by kind of answer, as texts: for a terminal and for a page.
package struct LoadTable: Sendable {
    /// The first is empty.
    package let head: [String]
    /// A title and a figure below each other name of the head; the last row is all kinds together.
    package let rows: [[String]]

    private static let percentiles: [(name: String, value: Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9)]

    package init(_ result: LoadResult) {
        let seconds = result.duration / .seconds(1)
        func row(_ title: String, _ latencies: Latencies) -> [String] {
            [title, String(latencies.count), LoadText.number(seconds > 0 ? Double(latencies.count) / seconds : 0)]
                + Self.percentiles.map { LoadText.time(latencies.percentile($0.value)) } + [LoadText.time(latencies.longest)]
        }
        self.head = ["", "count", "a second"] + Self.percentiles.map(\.name) + ["longest"]
        self.rows =
            Lane.allCases.compactMap { lane in result.total.latencies[lane].map { row(lane.title, $0) } }
            + [row("all", result.total.merged())]
    }
}
