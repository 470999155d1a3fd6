import Tracing

/// A span while it is under way, as this program may describe it: by the fields of `SpanField` alone, never by an error's own text.
package struct OpenSpan: Sendable {
    /// What a text from the network may have to be told.
    private static let maximumWord = 128

    private let span: any Span

    init(_ span: any Span) { self.span = span }

    /// Gives it another name.
    package func rename(_ name: SpanName) {
        self.span.operationName = name.text
    }

    /// Notes a text.
    package func set(_ field: SpanField, _ value: String) {
        self.span.attributes[field.rawValue] = value
    }

    /// Notes a number.
    package func set(_ field: SpanField, _ value: Int) {
        self.span.attributes[field.rawValue] = value
    }

    /// Notes a text that came over the network, if it is a word: up to 128 letters, digits, `-`, `_` and `.`.
    package func set(_ field: SpanField, received value: String?) {
        if let value, Self.isWord(value) { self.set(field, value) }
    }

    /// It has failed; `kind` is a code or the name of a type. One that is no word may hold anything, and is told as `other`.
    package func fail(_ kind: String) {
        self.set(.errorType, Self.isWord(kind) ? kind : "other")
        self.span.setStatus(SpanStatus(code: .error))
    }

    private static func isWord(_ text: String) -> Bool {
        (1...self.maximumWord).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                }
            }
    }
}
