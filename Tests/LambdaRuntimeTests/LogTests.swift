import Instrumentation
import JSON
import Locked
import Logging
import TestSupport
import Testing

@testable import LambdaRuntime

@Suite("Logs")
struct LogTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it \"broke\"\nžluť" }
    }

    private static let awkward = "two\nlines, a \"quote\", \u{1B}[31m, \\, \u{1}, žluť 🧶, \u{2028}"

    private func line(_ message: String = "hello", metadata: Logger.Metadata = [:], error: (any Error)? = nil) -> LogLine {
        LogLine(
            time: .seconds(1_796_000_709) + .milliseconds(87), level: .warning, message: message, logger: "cache", requestID: "id-1",
            traceID: "Root=1", metadata: metadata, error: error)
    }

    @Test("a line has the members that Lambda reads")
    func members() throws {
        let json = try JSONValue(parsing: self.line(metadata: ["code": "throttled"]).json)
        #expect(json["timestamp"] == "2026-11-30T01:05:09.087Z")
        #expect(json["level"] == "WARN" && json["message"] == "hello" && json["logger"] == "cache")
        #expect(json["requestId"] == "id-1" && json["traceId"] == "Root=1" && json["metadata"]?["code"] == "throttled")
    }

    @Test("whatever the texts hold, it is one line of JSON, and they are in it", arguments: [awkward, "", "\n", "\u{FFFF}"])
    func anyText(text: String) throws {
        let metadata: Logger.Metadata = [text: .string(text), "list": ["\(text)", ["a": "b"]]]
        // The parser here takes no NUL in names.
        let message = text + "\0"
        let bytes = self.line(message, metadata: metadata, error: Broken()).json
        #expect(bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1 && bytes.last == UInt8(ascii: "\n"))
        let json = try JSONValue(parsing: Array(bytes.dropLast()))
        #expect(json["message"]?.string == message && json["metadata"]?[text]?.string == text)
        #expect(json["errorType"] == "Broken" && json["errorMessage"] == "it \"broke\"\nžluť")
    }

    @Test("as text it is one line without control characters")
    func text() {
        let bytes = self.line(Self.awkward, metadata: ["b": "2", "a": "1\r"], error: Broken()).text
        #expect(bytes.filter { $0 < 0x20 || $0 == 0x7F } == [UInt8(ascii: "\n")])
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"2026-11-30T01:05:09.087Z WARN id-1 cache: two\nlines, a "quote", \x1b[31m"#))
        #expect(text.hasSuffix("a=1\\r b=2\n") && text.contains("žluť 🧶"))
    }

    @Test("what is too long is cut, what is nested too deeply is left out")
    func limits() throws {
        let long = String(repeating: "ž", count: 100_000)
        var nested: Logger.MetadataValue = "end"
        for _ in 0..<100 { nested = .array([nested]) }
        let bytes = self.line(long, metadata: ["nested": nested]).json
        #expect(bytes.count < 20_000)
        #expect(try JSONValue(parsing: Array(bytes.dropLast()))["message"]?.string?.hasSuffix("ž...") == true)
    }

    @Test(
        "instants are those of the calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"), (951_868_799, "2000-02-29T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"), (1_735_689_599, "2024-12-31T23:59:59.000Z"),
            (1_709_164_800, "2024-02-29T00:00:00.000Z"),
        ])
    func instants(seconds: Int64, text: String) {
        #expect(LogTime.text(.seconds(seconds)) == text)
    }

    @Test(
        "format and level are the function's",
        arguments: [
            ([:], false, Logger.Level.info), (["AWS_LAMBDA_LOG_FORMAT": "JSON"], true, .info),
            (["AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "WARN"], false, .warning),
            (["AWS_LAMBDA_LOG_LEVEL": "FATAL"], false, .critical), (["LOG_LEVEL": "trace"], false, .trace),
            (["AWS_LAMBDA_LOG_FORMAT": "json", "AWS_LAMBDA_LOG_LEVEL": "ERROR", "LOG_LEVEL": "debug"], true, .error),
            (["AWS_LAMBDA_LOG_LEVEL": "LOUD", "LOG_LEVEL": "Notice"], false, .notice), (["LOG_LEVEL": "loud"], false, .info),
        ])
    func settings(variables: [String: String], isJSON: Bool, level: Logger.Level) {
        let settings = LogSettings { variables[$0] }
        #expect(settings.isJSON == isJSON && settings.level == level)
    }

    @Test("a line carries the request id of its task's invocation, or that of the logger that was handed on")
    func requestID() throws {
        let lines = Locked<[[UInt8]]>([])
        let settings = LogSettings { $0 == "AWS_LAMBDA_LOG_FORMAT" ? "JSON" : nil }
        var logger = Logger(label: "any") { label in
            LambdaLogHandler(label: label, settings: settings) { line in lines.withLock { $0.append(line) } }
        }
        logger.info("outside")
        let context = LambdaContext(requestID: "id-7", traceID: "Root=7")
        ServiceContext.withValue(.invocation(context)) { logger.info("inside", metadata: ["k": "v"]) }
        logger[metadataKey: LambdaContext.requestIDKey] = "id-8"
        logger.error("handed on", error: Broken())
        let json = try lines.withLock { $0 }.map { try JSONValue(parsing: Array($0.dropLast())) }
        #expect(json.map { $0["requestId"]?.string } == [nil, "id-7", "id-8"])
        #expect(json[1]["traceId"] == "Root=7" && json[1]["metadata"]?["k"] == "v")
        #expect(json[2]["metadata"] == nil && json[2]["errorType"] == "Broken" && json[2]["level"] == "ERROR")
    }
}
