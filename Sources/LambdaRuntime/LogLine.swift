import JSON
import Logging

/// One line of a log, ended by the only newline in it, whatever its texts hold.
struct LogLine {
    /// What of a text is written; CloudWatch cuts lines at 256 KB anyway, and what is longer is no sentence.
    static let maximumText = 16 << 10

    /// Time since 1970.
    var time: Duration
    var level: Logger.Level
    var message: String
    var logger: String
    /// Of the invocation that it was written in.
    var requestID: String?
    /// X-Ray's, of the same.
    var traceID: String?
    var metadata: Logger.Metadata
    var error: (any Error)?

    /// As Lambda's own runtimes write it where the log format is JSON.
    ///
    /// Source: AWS Lambda Developer Guide, "Configuring JSON and plain text log formats", "Log-level filtering".
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        Self.member("timestamp", LogTime.text(self.time), &writer)
        Self.member("level", Self.name(self.level), &writer)
        Self.member("message", self.message, &writer)
        Self.member("logger", self.logger, &writer)
        if let requestID = self.requestID { Self.member("requestId", requestID, &writer) }
        if let traceID = self.traceID { Self.member("traceId", traceID, &writer) }
        if let error = self.error {
            Self.member("errorType", String(describing: type(of: error)), &writer)
            Self.member("errorMessage", String(describing: error), &writer)
        }
        if !self.metadata.isEmpty {
            writer.key("metadata")
            Self.value(.dictionary(self.metadata), &writer, depth: 0)
        }
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// For people.
    var text: [UInt8] {
        var line = PlainLine()
        line.append(LogTime.text(self.time), " ", Self.name(self.level), " ")
        if let requestID = self.requestID { line.append(requestID, " ") }
        line.append(self.logger, ": ", Self.cut(self.message))
        if let error = self.error { line.append(" error=", Self.cut(String(describing: error))) }
        for (name, value) in self.metadata.sorted(by: { $0.key < $1.key }) { line.append(" ", name, "=", Self.cut(value.description)) }
        return line.ended
    }

    /// The names of Lambda's levels.
    static func name(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }

    private static func member(_ name: String, _ text: String, _ writer: inout JSONWriter) {
        writer.key(name)
        writer.string(self.cut(text))
    }

    private static func value(_ value: Logger.MetadataValue, _ writer: inout JSONWriter, depth: Int) {
        switch value {
        case .dictionary(let members) where depth < 8:
            writer.beginObject()
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                writer.key(self.cut(name))
                self.value(member, &writer, depth: depth + 1)
            }
            writer.endObject()
        case .array(let elements) where depth < 8:
            writer.beginArray()
            for element in elements { self.value(element, &writer, depth: depth + 1) }
            writer.endArray()
        case .string(let text): writer.string(self.cut(text))
        case .stringConvertible(let thing): writer.string(self.cut(thing.description))
        case .dictionary, .array: writer.string("...")
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > self.maximumText else { return text }
        // Half a character at the end becomes the mark for one that cannot be read.
        return String(decoding: text.utf8.prefix(self.maximumText), as: UTF8.self) + "..."
    }
}
