import Glibc
import Settings

/// The name that the cache's keys carry. One Redis may serve several stores: what one of them keeps must not be found by another.
enum CacheName {
    /// The table's name where one is set.
    static func of(_ settings: Settings) -> String {
        if let table = settings.table { return table }
        return switch settings.store {
        case .dynamodb: "sessions"
        // The file, from whatever folder it is named.
        case .sqlite(let path): "sqlite-" + Self.hexadecimal(Self.hash(Self.absolute(path)))
        // What a process keeps in its own memory is nobody else's.
        case .memory: "memory-" + Self.hexadecimal(.random(in: .min ... .max))
        }
    }

    /// The path without symbolic links, for a file that is there.
    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// FNV-1a, 64 bits (draft-eastlake-fnv).
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
