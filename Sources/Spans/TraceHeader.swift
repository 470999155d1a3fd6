/// The header by which X-Ray hands a trace on: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
///
/// Source: AWS X-Ray Developer Guide, "Tracing header".
package struct TraceHeader: Hashable, Sendable {
    /// The name of the header.
    package static let name = "X-Amzn-Trace-Id"
    /// The name of the W3C's.
    package static let standardName = "traceparent"

    private let fields: [Substring: Substring]

    /// The fields of a header; what has no form of a field is left out.
    package init(_ text: String) {
        var fields: [Substring: Substring] = [:]
        for field in text.split(separator: ";") {
            let parts = field.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].trimmed] = parts[1].trimmed }
        }
        self.fields = fields
    }

    /// The same trace as the W3C's header; nil when trace or parent are missing or of another form.
    ///
    /// Source: W3C Trace Context, "traceparent Header"; X-Ray's ids are those of 1-{8}-{24} and {16} hexadecimal digits.
    package var traceparent: String? {
        guard let root = self.fields["Root"], let parent = self.fields["Parent"] else { return nil }
        let parts = root.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "1", Self.isHexadecimal(parts[1], 8), Self.isHexadecimal(parts[2], 24),
            Self.isHexadecimal(parent, 16)
        else { return nil }
        let trace = (parts[1] + parts[2]).lowercased()
        let span = parent.lowercased()
        // Zeroes alone are no id.
        guard trace.contains(where: { $0 != "0" }), span.contains(where: { $0 != "0" }) else { return nil }
        return "00-\(trace)-\(span)-\(self.fields["Sampled"] == "1" ? "01" : "00")"
    }

    /// The header for what is part of this trace.
    package static func text(_ context: TraceContext) -> String {
        let id = context.traceID
        return "Root=1-\(id.prefix(8))-\(id.dropFirst(8));Parent=\(context.spanID);Sampled=\(context.isSampled ? "1" : "0")"
    }

    private static func isHexadecimal(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
