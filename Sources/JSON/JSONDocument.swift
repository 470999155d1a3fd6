/// A parsed JSON document. Its nodes are lent to a closure.
///
/// Strict RFC 8259: UTF-8 is checked, a lone surrogate is refused, any value may be the root, `\u0000` is allowed in strings. A member named twice is
/// an error, and so is a zero character in a name. Numbers keep all their digits, and strings are decoded when they are asked for: parsing makes one
/// tape of 16 bytes for each value and name, nothing else.
package struct JSONDocument: ~Copyable {
    /// The nesting a document may have unless told otherwise; DynamoDB itself allows 32 levels, each of which is two in its JSON.
    package static let maximumDepth = 128
    /// No caller may allow more: copies of nodes recurse.
    private static let deepest = 2048
    /// Bytes of a document; DynamoDB's longest answer has 16 MB.
    package static let maximumBytes = 64 * 1024 * 1024

    private let bytes: [UInt8]
    private let tape: [JSONEntry]

    /// Parses UTF-8 bytes.
    package init(parsing bytes: [UInt8], maximumDepth: Int = JSONDocument.maximumDepth) throws(JSONError) {
        guard bytes.count <= Self.maximumBytes else { throw JSONError(.tooLarge, position: Self.maximumBytes) }
        var parser = JSONParser(maximumDepth: min(maximumDepth, Self.deepest))
        try parser.parse(bytes.span)
        self.bytes = bytes
        self.tape = parser.tape
    }

    /// Lends the root. No node may leave the closure: the document owns what they point to.
    package borrowing func withRoot<Result, Failure: Error>(
        _ body: (JSONNode) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe self.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
            try unsafe self.tape.withUnsafeBufferPointer { (tape) throws(Failure) in
                // What was parsed has at least one byte and one entry: neither address is null.
                try unsafe body(JSONNode(entry: tape.baseAddress.unsafelyUnwrapped, text: bytes.baseAddress.unsafelyUnwrapped))
            }
        }
    }
}
