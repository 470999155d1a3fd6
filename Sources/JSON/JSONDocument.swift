import CJansson

/// A parsed JSON document, freed when it goes out of scope. Its nodes are lent to a closure.
///
/// The parser is jansson. What it is told beyond RFC 8259: any value may be the root, `\u0000` is allowed in strings, a member named twice is an
/// error. Integers within 64 bits are exact. A document with a larger one is read again with all numbers as `Double`: then `integer` answers only
/// up to 2^53, and never a rounded number.
@safe
package struct JSONDocument: ~Copyable {
    /// The nesting a document may have unless told otherwise; DynamoDB itself allows 32 levels, each of which is two in its JSON.
    package static let maximumDepth = 128

    private let root: UnsafeMutablePointer<json_t>

    /// Parses UTF-8 bytes.
    package init(parsing bytes: [UInt8], maximumDepth: Int = JSONDocument.maximumDepth) throws(JSONError) {
        // jansson's own limit (2048) is fixed when it is built; recursion over nodes should not depend on that.
        if let position = Self.positionDeeper(than: maximumDepth, in: bytes) { throw JSONError(.tooDeep, position: position) }
        let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL
        do throws(JSONError) {
            unsafe self.root = try Self.load(bytes, flags: flags)
        } catch  where error.code == .numberOutOfRange {
            unsafe self.root = try Self.load(bytes, flags: flags | JSON_DECODE_INT_AS_REAL)
        }
    }

    deinit {
        unsafe json_decref(self.root)
    }

    /// Lends the root. No node may leave the closure: the document owns what they point to.
    package borrowing func withRoot<Result, Failure: Error>(
        _ body: (JSONNode) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe JSONNode(self.root))
    }

    private static func load(_ bytes: [UInt8], flags: Int32) throws(JSONError) -> UnsafeMutablePointer<json_t> {
        var failure = json_error_t()
        let parsed = unsafe bytes.withUnsafeBytes { buffer in
            // For no bytes there is no address either, and jansson refuses a null pointer even then.
            guard let start = buffer.baseAddress else { return unsafe json_loadb("", 0, Int(flags), &failure) }
            return unsafe json_loadb(start.assumingMemoryBound(to: CChar.self), buffer.count, Int(flags), &failure)
        }
        guard let parsed = unsafe parsed else {
            throw JSONError(unsafe Self.code(of: &failure), position: max(0, Int(failure.position)))
        }
        return unsafe parsed
    }

    private static func code(of failure: UnsafePointer<json_error_t>) -> JSONError.Code {
        switch json_error_code(rawValue: UInt32(unsafe bs_json_error_code(failure))) {
        case json_error_premature_end_of_input: .truncated
        case json_error_end_of_input_expected: .trailingBytes
        case json_error_invalid_utf8: .invalidUTF8
        case json_error_stack_overflow: .tooDeep
        case json_error_duplicate_key: .duplicateKey
        case json_error_null_byte_in_key: .zeroInKey
        case json_error_numeric_overflow: .numberOutOfRange
        case json_error_out_of_memory: .outOfMemory
        default: .syntax
        }
    }

    /// Where brackets nest deeper than `limit`; brackets in strings do not count.
    private static func positionDeeper(than limit: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > limit { return index }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: "\""):
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                }
            default: break
            }
            index += 1
        }
        return nil
    }
}
