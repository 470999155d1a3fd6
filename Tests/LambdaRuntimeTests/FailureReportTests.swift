import HTTP
import JSON
import Testing

@testable import LambdaRuntime

@Suite("Failure reports")
struct FailureReportTests {
    @Test(
        "whatever the message holds, the report is valid JSON",
        arguments: ["plain", "two\nlines", "\"quoted\" \\ back", "žluťoučký 日本 🦊", "\u{0}\u{1F}\u{7F}\u{2028}", ""])
    func messages(text: String) throws {
        let report = FailureReport(type: text, message: text)
        let body = try JSONValue(parsing: report.body)
        #expect(body["errorMessage"]?.string == text)
        #expect(body["errorType"]?.string == text)
        #expect(body["stackTrace"] == [])
        let type = try #require(report.headers["Lambda-Runtime-Function-Error-Type"])
        #expect(!type.isEmpty && type.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }

    private struct Odd: Error, CustomStringConvertible {
        var description: String { "a \"sentence\"\nof two lines" }
    }

    @Test("an error is reported by its type and its own words")
    func errors() throws {
        let body = try JSONValue(parsing: FailureReport(Odd()).body)
        #expect(body["errorType"] == "Odd")
        #expect(body["errorMessage"] == "a \"sentence\"\nof two lines")
    }
}
