import CacheStore
import EventLoop

/// What sealing adds to a cached read, beside the bare calls of OpenSSL that it takes: the three in turns, in one process, so that the machine's
/// moods meet all of them.
struct SealingCost {
    private let open: CachedSessions
    private let sealed: CachedSessions
    private let bare: BareOpening

    init(_ url: String, loop: UVLoop) async throws {
        let key = (0..<32).map { _ in UInt8.random(in: 0...255) }
        self.open = try await CachedSessions(url, loop: loop)
        self.sealed = try await CachedSessions(url, loop: loop, table: "sealed", seal: SealKeys("k1:\(Self.base64(key))"))
        self.bare = try BareOpening(key: key, region: CachedSessions.region, entries: await self.sealed.entries())
    }

    /// Microseconds of processor time of a read, of a sealed one, and of a bare opening; and what sealing adds, in bare openings.
    func measure(_ meter: Meter) async throws -> String {
        var (open, sealed, bare) = ([Double](), [Double](), [Double]())
        for _ in 0..<9 {
            open.append(try await meter.measure { [open = self.open] in try await open.read(from: $0 * 37, until: $1) }.microsecondsOfCPU)
            sealed.append(
                try await meter.measure { [sealed = self.sealed] in try await sealed.read(from: $0 * 37, until: $1) }.microsecondsOfCPU)
            bare.append(try Meter.cost(of: 20_000) { try self.bare.open($0) })
        }
        let medians = [open, sealed, bare].map { $0.sorted()[$0.count / 2] }
        let numbers = medians + [(medians[1] - medians[0]) / medians[2]]
        return numbers.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: " ")
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var (text, bits, held) = ("", 0, 0)
        for byte in bytes {
            (bits, held) = ((bits << 8 | Int(byte)) & 0xFFFF, held + 8)
            while held >= 6 {
                held -= 6
                text.append(digits[bits >> held & 63])
            }
        }
        return text + (held == 0 ? "" : String(digits[bits << (6 - held) & 63]))
    }
}
