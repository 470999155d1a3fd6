import Testing

@testable import Settings

@Suite("Durations as people write them")
struct DurationTextTests {
    @Test(
        "whole numbers with units are durations",
        arguments: [
            ("30d", Duration.seconds(2_592_000)), ("12h", .seconds(43200)), ("90m", .seconds(5400)), ("45s", .seconds(45)),
            ("250ms", .milliseconds(250)), ("1h30m", .seconds(5400)), ("1d12h30m5s1ms", .milliseconds(131_405_001)), ("0s", .zero),
        ])
    func parses(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "30", "d", "30 d", "-1d", "+1d", "1.5h", "30D", "1w", "5m5m", "5s1h", "1m1ms1s", "9223372036854775807d",
            "99999999999999999999s", "30d ", "3é", "1hh",
        ])
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
