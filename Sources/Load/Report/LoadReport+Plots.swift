import Glibc

extension LoadReport {
    /// More points than a plot has places say nothing more.
    private static let columns = 240

    var plots: [Plot] {
        let seconds = self.seconds
        return [
            self.latency(seconds), self.percentiles, self.rate(seconds), self.hits(seconds), self.errors(seconds),
        ]
    }

    /// Several seconds side by side, as one place of a plot.
    private struct Column {
        var second: Double
        var points: [LoadPoint]

        /// The worst of them.
        func worst(_ figure: (LoadPoint) -> Int64?) -> Double? {
            self.points.compactMap(figure).max().map(Double.init)
        }

        func mean(_ figure: (LoadPoint) -> Double) -> Double {
            self.points.reduce(0) { $0 + figure($1) } / Double(max(self.points.count, 1))
        }
    }

    private var seconds: [Column] {
        let points = self.result.points
        let size = max(1, (points.count + Self.columns - 1) / Self.columns)
        return stride(from: 0, to: points.count, by: size).map { start in
            let group = Array(points[start..<min(start + size, points.count)])
            return Column(second: Double(group[0].second), points: group)
        }
    }

    private var time: Axis { .linear(to: Double(max(self.result.points.last?.second ?? 1, 1))) }

    private var lanes: [Lane] { Lane.allCases.filter { self.result.total.count($0) > 0 } }

    private func plot(_ title: String, _ note: String, y: Axis, _ series: [Plot.Series], _ yText: @escaping @Sendable (Double) -> String)
        -> Plot
    {
        Plot(title: title, note: note, x: self.time, y: y, series: series, xText: { "\(Int($0)) s" }, yText: yText)
    }

    private func latency(_ columns: [Column]) -> Plot {
        let series = self.lanes.flatMap { lane in
            [
                Plot.Series(
                    name: lane.title, colour: lane.rawValue,
                    points: columns.map { column in (column.second, column.worst { $0.lanes[lane]?.p50 }) }),
                Plot.Series(
                    name: "", colour: lane.rawValue, isDashed: true,
                    points: columns.map { column in (column.second, column.worst { $0.lanes[lane]?.p99 }) }),
            ]
        }
        let values = series.flatMap { $0.points.compactMap(\.y) }
        return self.plot("Latency", "of each second: median, and 99 % within (dashed)", y: .logarithmic(values), series) {
            LoadText.roundTime($0)
        }
    }

    private var percentiles: Plot {
        let all = self.result.total.latencies
        let most = Double(all.values.map(\.count).max() ?? 1)
        // As far as there are operations to tell: a percentile of 99.99 needs ten thousand.
        let decades = min(max(ceil(log10(max(most, 10))), 1), 6)
        let series = self.lanes.map { lane in
            let latencies = all[lane] ?? Latencies()
            let reach = min(decades, log10(Double(max(latencies.count, 2))))
            let points = stride(from: 0, through: 1, by: 0.02).map { share -> (x: Double, y: Double?) in
                let place = share * reach
                return (pow(10, place), Double(latencies.percentile(100 * (1 - pow(10, -place)))))
            }
            return Plot.Series(name: lane.title, colour: lane.rawValue, points: points)
        }
        let values = series.flatMap { $0.points.compactMap(\.y) }
        return Plot(
            title: "Percentiles", note: "so many of all operations took no longer",
            x: Axis(scale: .logarithmic, low: 1, high: pow(10, decades)),
            y: .logarithmic(values), series: series, xText: { Self.percentText($0) }, yText: { LoadText.roundTime($0) },
            xTicks: [1, 2] + (1...Int(decades)).map { pow(10, Double($0)) })
    }

    /// `0 %`, `50 %`, `90 %`, `99 %`, `99.9 %`, ... for 1, 2, 10, 100, 1000.
    private static func percentText(_ oneIn: Double) -> String {
        switch oneIn {
        case ..<1.5: return "0 %"
        case ..<5: return "50 %"
        case ..<50: return "90 %"
        default:
            let nines = Int(log10(oneIn).rounded())
            return "99" + (nines > 2 ? "." + String(repeating: "9", count: nines - 2) : "") + " %"
        }
    }

    private func rate(_ columns: [Column]) -> Plot {
        func series(_ name: String, _ colour: String, _ count: @escaping (LoadPoint) -> Int) -> Plot.Series {
            Plot.Series(name: name, colour: colour, points: columns.map { column in (column.second, column.mean { Double(count($0)) }) })
        }
        let lanes = self.lanes.map { lane in series(lane.title, lane.rawValue) { $0.lanes[lane]?.count ?? 0 } }
        let all = series("all", "all") { $0.all.count }
        let highest = all.points.compactMap(\.y).max() ?? 0
        return self.plot("Rate", "operations answered in each second", y: .linear(to: highest), [all] + lanes) { LoadText.number($0) }
    }

    private func hits(_ columns: [Column]) -> Plot {
        let series = Plot.Series(
            name: "reads that found a session, from the cache", colour: "cache",
            points: columns.map { column in
                let ratios = column.points.compactMap(\.hitRatio)
                return (column.second, ratios.isEmpty ? nil : ratios.reduce(0, +) / Double(ratios.count))
            })
        let y = Axis(scale: .linear, low: 0, high: 1)
        return self.plot("Hits", "part of the reads that the cache answered", y: y, [series]) { "\(Int(($0 * 100).rounded())) %" }
    }

    private func errors(_ columns: [Column]) -> Plot {
        func series(_ name: String, _ colour: String, _ count: @escaping (LoadPoint) -> Int) -> Plot.Series {
            Plot.Series(name: name, colour: colour, points: columns.map { column in (column.second, column.mean { Double(count($0)) }) })
        }
        let all = [
            series("errors", "table") { $0.failures }, series("wrong answers", "stale") { $0.wrong },
            series("older answers, within the time that is allowed", "absent") { $0.older },
        ]
        let highest = all.flatMap { $0.points.compactMap(\.y) }.max() ?? 0
        return self.plot("Errors", "in each second", y: .linear(to: max(highest, 1)), all) { LoadText.number($0) }
    }
}
