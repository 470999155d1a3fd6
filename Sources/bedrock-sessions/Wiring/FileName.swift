import Foundation

/// A short name for a file, the same from every working directory.
enum FileName {
    /// 16 hexadecimal digits (FNV-1a, 64 bits) of the file's absolute path, symbolic links resolved.
    static func digest(of path: String) -> String {
        let absolute = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let hash = absolute.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
