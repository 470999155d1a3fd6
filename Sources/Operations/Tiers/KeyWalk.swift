import EventLoop
package import Redis
package import SessionStore

/// A walk over the keys of a Redis, or of each primary of a cluster: SCAN with a pattern, page by page, with pauses, so that a Redis that serves others
/// hardly notices.
///
/// SCAN names a key that is there throughout at least once, others perhaps, some twice (redis.io, "SCAN").
package struct KeyWalk: Sendable {
    private let client: RedisClient
    private let pattern: [UInt8]
    private let pause: Duration
    /// How many keys Redis looks at for a page: a millisecond of its time at most.
    private static let pageSize = 1000
    /// For one page.
    private static let timeout = Duration.seconds(2)

    /// A walk over keys of that pattern, with so long a pause between two pages.
    package init(_ client: RedisClient, pattern: [UInt8], pause: Duration = .milliseconds(2)) {
        self.client = client
        self.pattern = pattern
        self.pause = pause
    }

    /// Gives each page of keys to `body`, until that says false. Throws `.unavailable` when Redis does not answer, `.cancelled`, and what `body` throws.
    package func run(
        _ body: (_ keys: [[UInt8]]) async throws(SessionStoreError) -> Bool
    ) async throws(SessionStoreError) {
        let nodes = self.client.nodes
        for node in nodes.isEmpty ? [nil] : nodes.map(Optional.some) {
            guard try await self.run(node, body) else { return }
        }
    }

    private func run(
        _ node: RedisNode?, _ body: (_ keys: [[UInt8]]) async throws(SessionStoreError) -> Bool
    ) async throws(SessionStoreError) -> Bool {
        var cursor = Array("0".utf8)
        repeat {
            let (next, keys) = try await self.page(node, cursor)
            cursor = next
            if Task.isCancelled { throw SessionStoreError(.cancelled, "the walk over the cache was cancelled before its end") }
            if !keys.isEmpty, try await !body(keys) { return false }
            do { try await self.client.loop.sleep(for: self.pause) } catch {
                throw SessionStoreError(.cancelled, "the walk over the cache was cancelled before its end")
            }
        } while cursor != Array("0".utf8)
        return true
    }

    private func page(
        _ node: RedisNode?, _ cursor: [UInt8]
    ) async throws(SessionStoreError) -> (next: [UInt8], keys: [[UInt8]]) {
        let words = [Array("SCAN".utf8), cursor, Array("MATCH".utf8), self.pattern, Array("COUNT".utf8), Array("\(Self.pageSize)".utf8)]
        do throws(RedisError) {
            let reply = try await self.client.send(words, to: node, timeout: Self.timeout)
            guard case .array(let parts) = reply, parts.count == 2, case .bytes(let next) = parts[0], case .array(let keys) = parts[1]
            else {
                throw RedisError(.unexpectedReply, "Redis answers SCAN in a form that this program does not know.")
            }
            return (next, keys.compactMap { if case .bytes(let key) = $0 { key } else { nil } })
        } catch {
            throw SessionStoreError(.unavailable, "the keys of the cache cannot be walked: \(error.message)", underlying: error.code.label)
        }
    }
}
