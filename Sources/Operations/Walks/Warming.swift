import CacheStore
import Dynamo
import Locked
package import SessionStore
package import Wiring

/// Loads live sessions into the cache before readers come, as their reads would: under leases, so that a write that comes in between is never covered by what was
/// read before it.
package struct Warming: Sendable {
    /// What became of the sessions.
    package struct Report: Hashable, Sendable {
        /// Loaded, and in the cache now.
        package var loaded = 0
        /// There already.
        package var present = 0
        /// Read, and not in the cache all the same: too large, or a writer was at work, or Redis has no memory.
        package var notKept = 0
        /// Could not be read.
        package var failed = 0
        /// Items that are no live sessions.
        package var ended = 0

        /// An empty report.
        package init() {}
    }

    private let services: SessionServices
    private let dynamo: DynamoStore
    private let report = Locked(Report())
    private let pace: Locked<Pace>
    private static let batch = 50

    /// A warming of this cache; nil where there is no table of DynamoDB, or no cache.
    package init?(_ services: SessionServices, perSecond: Int) {
        guard let dynamo = services.dynamo, services.core != nil else { return nil }
        self.services = services
        self.dynamo = dynamo
        self.pace = Locked(Pace(perSecond: perSecond))
    }

    /// Walks the table in so many parts at once, and loads what is live; `done` is told how many items were dealt with. Throws what the table and the cache
    /// say when they cannot be used; a single session that fails is counted.
    package func run(segments: Int, done: @escaping @Sendable (Int) -> Void) async throws(SessionStoreError) -> Report {
        try await self.dynamo.scan(segments: segments, pageSize: 200) { (page) async throws(SessionStoreError) in
            let keys = page.compactMap { item -> SessionKey? in if case .live = item.state { item.key } else { nil } }
            self.report.withLock { $0.ended += page.count - keys.count }
            done(page.count - keys.count)
            var rest = keys[...]
            while !rest.isEmpty {
                try await self.load(Array(rest.prefix(Self.batch)))
                done(min(rest.count, Self.batch))
                rest = rest.dropFirst(Self.batch)
            }
        }
        return self.report.withLock { $0 }
    }

    private func load(_ keys: [SessionKey]) async throws(SessionStoreError) {
        guard let core = self.services.core else { return }
        let pause = self.pace.withLock { $0.wait(before: keys.count, now: self.services.clock.uptime) }
        if pause > .zero {
            do { try await self.services.clock.sleep(for: pause) } catch {
                throw SessionStoreError(.cancelled, "warming was interrupted; what was loaded stays")
            }
        }
        let answers = try await core.read(batch: keys, as: .asOperator, consistency: .cached)
        for (key, answer) in answers {
            guard case .success(let session) = answer else {
                self.report.withLock { $0.failed += 1 }
                continue
            }
            guard let session else {
                self.report.withLock { $0.ended += 1 }
                continue
            }
            if case .cache = session.origin {
                self.report.withLock { $0.present += 1 }
                continue
            }
            // A read answers without the cache as well: what counts here is what it holds now.
            let isKept = if case .live = try await core.examine(key).state { true } else { false }
            self.report.withLock { if isKept { $0.loaded += 1 } else { $0.notKept += 1 } }
        }
    }
}
