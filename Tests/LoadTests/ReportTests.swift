import Load
import Testing

@Suite struct ReportTests {
    private static func result(seconds: Int) -> LoadResult {
        var result = LoadResult(LoadPlan())
        for second in 0..<seconds {
            var interval = Interval()
            for number in 1...100 {
                interval.record(number.isMultiple(of: 10) ? .table : .cache, nanoseconds: Int64(number * number) * 900)
            }
            if second == 3 { interval.failed("throttled", "a sentence with <tags> & \"quotes\"") }
            result.add(interval, second: second)
        }
        result.finish()
        result.duration = .seconds(seconds)
        return result
    }

    @Test func `A page fetches nothing, runs nothing, and closes what it opens`() {
        let page = LoadReport(Self.result(seconds: 30), title: "a <table>", time: "2026-11-30").html
        #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
        #expect(page.contains("a &lt;table&gt;") && page.contains("a sentence with &lt;tags&gt; &amp; &quot;quotes&quot;"))
        for tag in ["div", "figure", "svg", "table", "tr", "td", "span"] {
            #expect(page.matches("<\(tag)[ >]") == page.matches("</\(tag)>"), "\(tag)")
        }
        #expect(!page.contains("nan") && !page.contains("inf"))
    }

    @Test(arguments: [0, 1, 2, 700]) func `A page of any length can be drawn, and stays small`(seconds: Int) {
        let page = LoadReport(Self.result(seconds: seconds), title: "x", time: "now").html
        #expect(page.utf8.count < 200_000)
        #expect(page.contains("</html>") && !page.contains("nan") && !page.contains("inf"))
    }

    @Test func `Wrong answers stand out`() {
        var result = Self.result(seconds: 2)
        var interval = Interval()
        interval.judged(.wrong(.lost))
        result.addBefore(interval)
        let page = LoadReport(result, title: "x", time: "now").html
        #expect(page.contains(#"<b class="bad">1</b><span>wrong answers</span>"#))
        #expect(page.contains(Ledger.Fault.lost.meaning))
    }
}

extension String {
    fileprivate func matches(_ pattern: String) -> Int {
        guard let expression = try? Regex(pattern) else { return -1 }
        return self.matches(of: expression).count
    }
}
