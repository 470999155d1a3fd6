import CacheStore
import EventLoop
import Glibc
import Logging
import Redis
import SessionStore

/// What a near cache answers with, and how soon it is told that this is over.
struct NearSessions {
    private let sessions: CachedSessions
    private let loop: UVLoop
    private let url: String

    /// Sessions that this process keeps in its memory, all of them.
    init(_ url: String, loop: UVLoop) async throws {
        self.loop = loop
        self.url = url
        self.sessions = try await CachedSessions(url, loop: loop, near: .init(entries: 32_000, maxAge: .seconds(60)))
        // Until Redis tells of changes; those of the sessions' own entries among them.
        try await loop.sleep(for: .milliseconds(500))
        for _ in 0..<2 { try await self.sessions.readAll() }
    }

    /// Reads that are answered from memory, by one task after the other.
    func measure(_ meter: Meter) async throws -> Meter.Result {
        let before = try await self.sessions.lookUps()
        let result = try await meter.measure { try await self.sessions.read(from: $0 * 37, until: $1) }
        guard try await self.sessions.lookUps() - before < 100 else { throw Failure("reads went to Redis") }
        return result
    }

    /// Microseconds from Redis's reply to whoever changed an entry to the first read of another process that answers with the new one, which it asks Redis
    /// for: median and 99 of 100.
    func invalidationDelay(rounds: Int) async throws -> String {
        let writer = try await CachedSessions.client(self.url, loop: self.loop)
        let (key, values) = try await self.sessions.twoEntries()
        var delays: [Double] = []
        for round in 0..<rounds {
            let value = values[round % 2]
            try await writer.set(key, to: value.entry)
            let start = Self.now()
            while try await self.sessions.first() != value.session { await Task.yield() }
            delays.append((Self.now() - start) * 1e6)
            // The reader keeps it again.
            for _ in 0..<3 { _ = try await self.sessions.first() }
        }
        await writer.close()
        delays.sort()
        return "\((delays[delays.count / 2] * 10).rounded() / 10) \((delays[delays.count * 99 / 100] * 10).rounded() / 10)"
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
