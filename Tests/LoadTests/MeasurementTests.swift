import JSON
import Load
import Testing

@Suite struct MeasurementTests {
    private static func interval() -> Interval {
        var interval = Interval()
        for time in 1...1000 { interval.record(.cache, nanoseconds: Int64(time) * 1000) }
        interval.record(.table, nanoseconds: 5_000_000)
        interval.failed("throttled", "wait a moment")
        interval.judged(.wrong(.stale))
        interval.judged(.older)
        interval.judged(.right)
        return interval
    }

    @Test func `Percentiles are right to three digits`() throws {
        let latencies = try #require(Self.interval().latencies[.cache])
        for (percent, expected) in [(50.0, 500_000), (90, 900_000), (99, 990_000)] {
            #expect(abs(Double(latencies.percentile(percent)) - Double(expected)) <= Double(expected) / 500, "\(percent)")
        }
        #expect(Latencies().percentile(99) == 0 && Latencies().longest == 0)
    }

    @Test func `What a process tells another one arrives whole`() throws {
        let interval = Self.interval()
        let read = try #require(Interval(try JSONValue(parsing: interval.json.encoded)))
        #expect(read.answered == 1001 && read.failures == 1 && read.wrong == 1 && read.older == 1)
        #expect(read.errors == ["throttled": 1] && read.sentences == ["throttled": "wait a moment"] && read.faults == [.stale: 1])
        #expect(abs(read.merged().percentile(99.95) - interval.merged().percentile(99.95)) < 5000, "to three digits")
        #expect(read.hitRatio == 1000.0 / 1001.0)
    }

    @Test(arguments: ["{}", "[]", #"{"latencies":{"cache":[1]},"errors":{},"sentences":{},"faults":{},"older":0}"#])
    func `What is no interval is none`(text: String) throws {
        #expect(Interval(try JSONValue(parsing: Array(text.utf8))) == nil)
    }

    @Test func `Seconds that several processes tell of become one point each, and nothing is lost that comes late`() {
        var result = LoadResult(LoadPlan(), workers: 2)
        for second in 0..<10 {
            result.add(Self.interval(), second: second)
            result.add(Self.interval(), second: second)
        }
        result.add(Self.interval(), second: 0)
        result.finish()
        #expect(Set(result.points.map(\.second)) == Set(0..<10))
        #expect(result.points.filter { $0.second == 5 }.map(\.all.count) == [2002])
        #expect(result.total.answered == 21 * 1001 && result.wrong == 21)
    }

    @Test func `Figures have a unit and three digits`() {
        #expect(
            [812, 81_200, 8_120_000, 812_000_000, 8_120_000_000].map(LoadText.time) == ["812 ns", "81.2 us", "8.12 ms", "812 ms", "8.12 s"])
        #expect(LoadText.percent(0.9784) == "97.8 %" && LoadText.percent(1) == "100 %" && LoadText.number(0) == "0")
    }
}
