import CacheStore
import Dynamo
import Locked
import Redis
package import SessionStore
package import Wiring

/// Compares cache and table, key by key, while others read and write.
package struct Audit: Sendable {
    /// A key on which the tiers differ.
    package struct Finding: Hashable, Sendable {
        /// Whose; nil: a key of the cache that is no session's.
        package var key: SessionKey?
        /// How they differ, in a sentence.
        package var problem: String
        /// Whether it was repaired.
        package var isRepaired = false

        /// A finding of these parts.
        package init(key: SessionKey?, problem: String, isRepaired: Bool = false) {
            self.key = key
            self.problem = problem
            self.isRepaired = isRepaired
        }
    }

    /// What was looked at, and found.
    package struct Report: Hashable, Sendable {
        /// Keys of the cache.
        package var cached = 0
        /// Of them, keys that readers or writers held each time.
        package var underWay = 0
        /// Items of the table by what they are.
        package var live = 0, ended = 0, malformed = 0
        /// What differs.
        package var findings: [Finding] = []

        /// An empty report.
        package init() {}

        /// Whether nothing is left that differs.
        package var isClean: Bool { self.findings.allSatisfy(\.isRepaired) }
    }

    /// How often a key is looked at that changes meanwhile.
    private static let looks = 5
    /// Findings that a report keeps at most.
    private static let limit = 100_000

    private let services: SessionServices
    private let repairs: Bool
    private let pace: Locked<Pace>
    private let report = Locked(Report())

    /// An audit of so many keys a second at most.
    package init(_ services: SessionServices, repairs: Bool, perSecond: Int) {
        self.services = services
        self.repairs = repairs
        self.pace = Locked(Pace(perSecond: perSecond))
    }

    /// Walks the keys of the cache; `done` is told of how many.
    package func walkCache(done: @escaping @Sendable (Int) -> Void) async throws(SessionStoreError) {
        guard let core = self.services.core, let redis = self.services.redis else { return }
        let pattern = Array("bs1:\(core.configuration.table):*".utf8)
        try await KeyWalk(redis, pattern: pattern).run { (keys) async throws(SessionStoreError) in
            for bytes in keys {
                try await self.keepPace()
                if let key = core.key(ofRedisKey: bytes) { try await self.check(key, core) } else { try await self.note(bytes, redis) }
                done(1)
            }
            return self.report.withLock { $0.findings.count < Self.limit }
        }
    }

    /// Walks the items of the table, in so many parts at once; `done` is told of how many.
    package func walkTable(segments: Int, done: @escaping @Sendable (Int) -> Void) async throws(SessionStoreError) {
        guard let dynamo = self.services.dynamo else { return }
        try await dynamo.scan(segments: segments, pageSize: 500) { (page) async throws(SessionStoreError) in
            self.report.withLock { report in
                for item in page {
                    switch item.state {
                    case .live: report.live += 1
                    case .expired, .deleted: report.ended += 1
                    case .malformed(let sentence):
                        report.malformed += 1
                        if report.findings.count < Self.limit { report.findings.append(Finding(key: item.key, problem: sentence)) }
                    }
                }
            }
            done(page.count)
        }
    }

    /// What came of it.
    package var result: Report { self.report.withLock { $0 } }

    private func keepPace() async throws(SessionStoreError) {
        let pause = self.pace.withLock { $0.wait(before: 1, now: self.services.clock.uptime) }
        guard pause > .zero else { return }
        do { try await self.services.clock.sleep(for: pause) } catch {
            throw SessionStoreError(.cancelled, "the audit was interrupted before its end")
        }
    }

    /// A key that differs is believed to only if its value stood there before and after the table was asked: a write that is under way changes it.
    private func check(_ key: SessionKey, _ core: CacheCore<RedisCommands>) async throws(SessionStoreError) {
        var verdict = TierView.Agreement.underWay
        for _ in 0..<Self.looks {
            let view = try await self.services.tiers.look(key)
            verdict = view.agreement
            guard case .differ(let problem) = verdict, let found = view.cache else { break }
            guard try await core.examine(key).isUnchanged(since: found) else {
                verdict = .underWay
                continue
            }
            try await self.note(key, problem, found, core)
            break
        }
        self.report.withLock { report in
            report.cached += 1
            if verdict == .underWay { report.underWay += 1 }
        }
    }

    private func note(
        _ key: SessionKey, _ problem: String, _ found: CacheFinding, _ core: CacheCore<RedisCommands>
    ) async throws(SessionStoreError) {
        var finding = Finding(key: key, problem: problem)
        if self.repairs {
            try await core.repair(key, found)
            if case .differ = try await self.services.tiers.look(key).agreement {} else { finding.isRepaired = true }
        }
        self.report.withLock { [finding] in $0.findings.append(finding) }
    }

    /// A key under our prefix that names no session: nobody of ours reads it.
    private func note(_ bytes: [UInt8], _ redis: RedisClient) async throws(SessionStoreError) {
        var finding = Finding(key: nil, problem: "a key of the cache that is no session's")
        if self.repairs {
            do throws(RedisError) {
                try await redis.delete(bytes)
                finding.isRepaired = true
            } catch {
                throw SessionStoreError(.unavailable, error.message, underlying: error.code.label)
            }
        }
        self.report.withLock { [finding] report in
            report.cached += 1
            report.findings.append(finding)
        }
    }
}
