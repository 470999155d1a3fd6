import JSON
import SessionStore

/// Keeps numbers from being rounded on their way through JSON: our parser keeps every digit, but most readers and writers take what is no 64-bit integer for
/// a `Double`, which knows 15 digits.
enum ExactNumber {
    /// Digits that each decimal number of a `Double`'s range keeps.
    private static let digits = 15

    /// Whether a reader that knows 64-bit integers and `Double` gets the number that `text` spells.
    static func survives(_ text: String) -> Bool {
        Int64(text) != nil || Self.fitsDouble(Array(text.utf8)[...])
    }

    /// Parses JSON whose numbers all survive. Throws `.invalidValue`, with the parser's words for what is no JSON.
    static func parse(_ bytes: [UInt8]) throws(SessionStoreError) -> JSONValue {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw SessionStoreError(.invalidValue, "\(error); send JSON")
        }
        guard Self.numbers(in: bytes).allSatisfy({ Int64(String(decoding: $0, as: UTF8.self)) != nil || Self.fitsDouble($0) }) else {
            throw SessionStoreError(
                .invalidValue, #"a number with more than \#(Self.digits) digits would be rounded: send it as {"$number": "<digits>"}"#)
        }
        return value
    }

    private static func fitsDouble(_ text: ArraySlice<UInt8>) -> Bool {
        let mantissa = text.prefix { $0 | 0x20 != UInt8(ascii: "e") }.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard mantissa.drop(while: { $0 == UInt8(ascii: "0") }).count <= Self.digits else { return false }
        return Double(String(decoding: text, as: UTF8.self))?.isFinite == true
    }

    /// The numbers' texts in a JSON document that was found to be one.
    private static func numbers(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                index += 1
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let end = bytes[index...].firstIndex { !Self.isPartOfNumber($0) } ?? bytes.count
                found.append(bytes[index..<end])
                index = end
            default: index += 1
            }
        }
        return found
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        case UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: false
        }
    }
}
