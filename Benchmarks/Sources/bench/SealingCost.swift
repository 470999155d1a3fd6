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

    /// Microseconds of processor time of a cached read, of one that is followed by a bare opening, and of one of a sealed entry; and what sealing
    /// adds to the first, in what the bare calls add.
    ///
    /// The bare calls run where the store's own would run: repeated by themselves they take half the time, since nothing else then uses the
    /// processor's caches.
    func measure(_ meter: Meter) async throws -> String {
        let (open, sealed, bare) = (self.open, self.sealed, self.bare)
        var costs = [[Double]](repeating: [], count: 3)
        for _ in 0..<9 {
            costs[0].append(try await meter.measure { try await open.read(from: $0 * 37, until: $1) { _ in } }.microsecondsOfCPU)
            costs[1].append(try await meter.measure { try await open.read(from: $0 * 37, until: $1, then: bare.open) }.microsecondsOfCPU)
            costs[2].append(try await meter.measure { try await sealed.read(from: $0 * 37, until: $1) { _ in } }.microsecondsOfCPU)
        }
        let medians = costs.map { $0.sorted()[$0.count / 2] }
        let numbers = medians + [(medians[2] - medians[0]) / (medians[1] - medians[0])]
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
