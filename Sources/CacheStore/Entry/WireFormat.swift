package import SessionStore

/// The bytes under `bs1:<table>:<session_id>`; the `1` is this format's number. `docs/WIRE-FORMAT.md` shows them for readers of other languages.
///
/// The first byte is the state. Behind it, where a state has one, the version stands as 19 decimal digits, so that scripts compare versions
/// without knowing the rest (Lua's numbers round above 2^53, its strings compare by locale: the scripts compare the two halves as numbers).
///
///     live, absent, tombstone:  L|A|T  version 19  form 1  cachedAt 8  epoch 8  end 8  then, by form
///       0, open:                live: owner length 1, owner, payload
///       1, sealed:              kid length 1, kid, nonce 24, what stands there in the open form, encrypted, tag 16
///     lease:                    R  token 16
///     intent:                   W  highest version 19  mark 1  (token 16  deadline 15)+
///
/// Instants are milliseconds since 1970, big endian; `end` is `Int64.min` for a session without expiration. Version 0 stands for none. Deadlines are decimal text, in milliseconds of the Redis server's clock.
package enum WireFormat {
    /// What every key starts with.
    package static let keyPrefix = "bs1:"

    static let live = UInt8(ascii: "L")
    static let absent = UInt8(ascii: "A")
    static let tombstone = UInt8(ascii: "T")
    /// A lease: a reader holds it.
    static let lease = UInt8(ascii: "R")
    /// An intent: writers hold it.
    static let intent = UInt8(ascii: "W")

    /// What stands for a value that Redis holds as a list, a hash or the like, in scripts as here: not ours, therefore bad.
    static let foreign: [UInt8] = [UInt8(ascii: "?")]

    /// Decimal digits of a version: as many as `Int64.max` has.
    static let versionDigits = 19
    /// Where the form stands: behind state and version.
    static let formOffset = 1 + versionDigits
    /// The payload follows as it is.
    static let openForm: UInt8 = 0
    /// What follows the header is sealed (`EntrySealer`).
    static let sealedForm: UInt8 = 1
    /// State, version, form, cachedAt, epoch, end.
    static let headerByteCount = 1 + versionDigits + 1 + 8 + 8 + 8
    /// No entry is larger, whatever the configuration: an item of the table has at most 400 KB. Sealing takes at most 73 bytes.
    static let maximumByteCount = (1 << 20) + 128
    /// Levels of nesting in a payload; DynamoDB allows 32.
    static let maximumDepth = 40
    /// Characters of a number; 38 digits, sign, point and exponent need fewer.
    static let maximumNumberLength = 64
    /// Stands for an instant that is not known.
    static let noInstant = Int64.min

    /// The 19 digits of a version; zeros for none.
    package static func digits(of version: SessionVersion?) -> [UInt8] {
        var digits = [UInt8](repeating: UInt8(ascii: "0"), count: self.versionDigits)
        var rest = max(version?.rawValue ?? 0, 0)
        var index = digits.count - 1
        while rest > 0 {
            digits[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            index -= 1
        }
        return digits
    }

    /// The kinds of values in a payload.
    enum Tag {
        static let string: UInt8 = 1
        static let number: UInt8 = 2
        static let binary: UInt8 = 3
        static let no: UInt8 = 4
        static let yes: UInt8 = 5
        static let null: UInt8 = 6
        static let list: UInt8 = 7
        static let map: UInt8 = 8
        static let stringSet: UInt8 = 9
        static let numberSet: UInt8 = 10
        static let binarySet: UInt8 = 11
    }

    /// Whether this can be a decimal number, and is short enough. The table's own rules are stricter; this keeps control characters and
    /// megabytes out.
    static func isNumber(_ text: some Collection<UInt8>) -> Bool {
        (1...self.maximumNumberLength).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
                case UInt8(ascii: "e"), UInt8(ascii: "E"): true
                default: false
                }
            }
    }
}
