import CJansson
import JSON

/// A second opinion: jansson, with the same rules beyond RFC 8259 as `JSONDocument`.
struct JanssonOracle {
    /// What the two parsers think of a document.
    enum Verdict: Equatable {
        /// Both refuse it, or both accept it and read the same values.
        case agreement(accepted: Bool)
        /// jansson refuses a number that no `Double` can hold; `JSONDocument` keeps the digits of each.
        case numberBeyondDouble
        /// jansson overlooks one zero byte behind a number, `true`, `false` or `null`.
        case zeroBehindWord
        /// One accepts what the other refuses.
        case acceptance(ours: Bool)
        /// Both accept it and read different values.
        case values
    }

    static func compare(_ bytes: [UInt8]) -> Verdict {
        var error = json_error_t()
        let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL
        var theirs = self.load(bytes, flags, &error)
        // Integers beyond 64 bits: all numbers as `Double`.
        if theirs == nil, bs_json_error_code(&error) == Int32(json_error_numeric_overflow.rawValue) {
            theirs = self.load(bytes, flags | JSON_DECODE_INT_AS_REAL, &error)
        }
        defer { json_decref(theirs) }
        let ours: JSONDocument
        do throws(JSONError) {
            ours = try JSONDocument(parsing: bytes)
        } catch {
            if theirs == nil { return .agreement(accepted: false) }
            let place = error.position
            let isZero = place > 0 && place < bytes.count && bytes[place] == 0
            return isZero && (bytes[place - 1] &- 48 < 10 || bytes[place - 1] &- 97 < 26) ? .zeroBehindWord : .acceptance(ours: false)
        }
        guard let theirs else {
            let isOverflow = bs_json_error_code(&error) == Int32(json_error_numeric_overflow.rawValue)
            return isOverflow ? .numberBeyondDouble : .acceptance(ours: true)
        }
        return ours.withRoot { self.areEqual($0, theirs) } ? .agreement(accepted: true) : .values
    }

    private static func load(_ bytes: [UInt8], _ flags: Int32, _ error: inout json_error_t) -> UnsafeMutablePointer<json_t>? {
        // For no bytes there may be no address, and jansson refuses a null pointer even then.
        (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { json_loadb($0.baseAddress, bytes.count, Int(flags), &error) }
        }
    }

    private static func areEqual(_ ours: JSONNode, _ theirs: UnsafeMutablePointer<json_t>) -> Bool {
        switch theirs.pointee.type {
        case JSON_OBJECT:
            guard ours.kind == .object, ours.count == json_object_size(theirs) else { return false }
            var position = json_object_iter(theirs)
            for (name, value) in ours.members {
                guard let here = position, name == String(cString: json_object_iter_key(here)),
                    self.areEqual(value, json_object_iter_value(here)),
                    ours[name].map({ self.areEqual($0, json_object_iter_value(here)) }) == true
                else { return false }
                position = json_object_iter_next(theirs, here)
            }
            return position == nil
        case JSON_ARRAY:
            guard ours.kind == .array, ours.count == json_array_size(theirs) else { return false }
            return ours.elements.enumerated().allSatisfy { self.areEqual($1, json_array_get(theirs, $0)) }
        case JSON_STRING:
            let text = UnsafeBufferPointer(start: json_string_value(theirs), count: json_string_length(theirs))
            return ours.withUTF8 { $0.elementsEqual(text.lazy.map { UInt8(bitPattern: $0) }) } == true
        case JSON_INTEGER: return ours.kind == .integer && ours.integer == Int64(json_integer_value(theirs))
        case JSON_REAL:
            return (ours.kind == .integer || ours.kind == .double) && ours.double == json_real_value(theirs)
        case JSON_TRUE: return ours.bool == true
        case JSON_FALSE: return ours.bool == false
        default: return ours.isNull
        }
    }
}
