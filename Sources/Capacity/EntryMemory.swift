/// What an entry of the cache takes in Redis.
///
/// Redis keeps a value as an object of 16 bytes and a string, the key as a string, and both in two tables of hashes, that of the keys and that of their ends. jemalloc
/// rounds each piece up to one of its sizes. Measured on Redis 7.0.15 and reproduced to the byte (`EntryMemoryTests`).
package struct EntryMemory: Hashable, Sendable {
    /// Bytes of the value: docs/WIRE-FORMAT.md.
    package let valueBytes: Double
    /// Bytes of its key.
    package let keyBytes: Double

    /// A piece of this size.
    package init(keyBytes: Double, valueBytes: Double) {
        (self.keyBytes, self.valueBytes) = (keyBytes, valueBytes)
    }

    /// The entry of a live session.
    ///
    /// - Parameters:
    ///   - nameBytes: Of the session id, or of `user#` and the user's.
    ///   - ownerBytes: Of the owner's id; 0: none.
    package init(_ input: CapacityInput, nameBytes: Double, ownerBytes: Double) {
        // Counts take one byte below 128, two below 16,384. A field: the length of its name, its kind, the length of its value.
        let perField = 3 + (input.fields > 0 && input.sessionBytes / input.fields > 127 ? 1.0 : 0)
        let open = 45 + 1 + ownerBytes + 16 + (input.fields > 127 ? 2 : 1) + input.sessionBytes + input.fields * perField
        let seal = input.isSealed ? 1 + input.keyNameBytes + 24 + 16 : 0
        self.init(keyBytes: 4 + input.tableNameBytes + 1 + nameBytes, valueBytes: open + seal)
    }

    /// Larger entries are not kept, unless the cache is configured otherwise.
    package static let limit = 64.0 * 1024

    /// What `MEMORY USAGE` says: the object, the two strings, and the key's place in its table.
    package var reported: Double { 16 + Self.allocated(self.valueBytes) + Self.allocated(self.keyBytes) + 24 }

    /// What it takes in all: the two places are 32 bytes each, not 24 and none, and the tables have two pointers of 8 bytes for each entry, four when they have
    /// just grown, as is reckoned here.
    package var bytes: Double { self.reported + 8 + 32 + 32 }

    /// A string with its header and the zero at its end, as jemalloc has room for it.
    private static func allocated(_ bytes: Double) -> Double {
        let header = bytes < 256 ? 3.0 : bytes < 65_536 ? 5.0 : 9.0
        return self.roundedUp(bytes + header + 1)
    }

    /// jemalloc's sizes: multiples of 16 up to 128, then four for each doubling.
    static func roundedUp(_ bytes: Double) -> Double {
        if bytes <= 128 { return max((bytes / 16).rounded(.up) * 16, 16) }
        var top = 256.0
        while top < bytes { top *= 2 }
        return (bytes / (top / 8)).rounded(.up) * (top / 8)
    }
}
