import CacheStore
import EventLoop
import Redis
import Sealing
import SessionStore
import Settings
import Wiring

extension Doctor {
    /// Keys of which a sample looks at the name, and at the value.
    private static let sampledNames = 100_000
    private static let sampledValues = 500

    /// The checks of Redis.
    func cacheDiagnoses() async -> [Diagnosis] {
        guard let redis = self.services.redis else { return [] }
        let place = self.redisPlace(redis)
        let outcome = await Self.outcome { () async throws(RedisError) in
            try await redis.connect()
            try await redis.ping()
        }
        let front: [Diagnosis] = [.redis(outcome, nodes: redis.nodes.count), .tls(outcome, place)]
        guard case .success = outcome else {
            let rest: [Check] = [.version, .eviction, .memory, .persistence, .failover, .cluster, .keyPrefix, .sealKey, .cacheLatency]
            return front + [.identity(outcome, .failed(""), place)]
                + rest.map { Diagnosis($0, .unknown, "not checked: Redis does not answer as it should") }
        }
        let user = await Self.evidence("ACL WHOAMI") { () async throws(RedisError) in try await Self.user(redis) }
        let facts = await Self.evidence("INFO") { () async throws(RedisError) in try await Self.facts(redis) }
        let epoch = await Self.evidence("GET") { () async throws(RedisError) in
            try await redis.getWithEpoch(RedisKey(Array("bs1:bedrock-sessions:probe".utf8))).epoch
        }
        let cluster = await Self.evidence("CLUSTER INFO") { () async throws(RedisError) in try await Self.cluster(redis) }
        let sample = await self.sample(redis)
        let latency = await Self.evidence("PING") { () async throws(RedisError) in
            try await Self.measured { () async throws(RedisError) in try await redis.ping() }
        }
        return front + [
            .identity(outcome, user, place), .version(facts), .eviction(facts), .memory(facts), .persistence(facts),
            .failover(epoch: epoch, revalidateAfter: self.settings.revalidateAfter ?? .seconds(60)),
            .cluster(cluster, place), .keyPrefix(sample), .sealKey(sample, place),
            .latency(
                .cacheLatency, latency, slow: .milliseconds(5), broken: RedisConfiguration().commandTimeout,
                fix: "run in the availability zone of Redis; reads wait for it \(RedisConfiguration().commandTimeout.shortText) at most"),
        ]
    }

    /// How far Redis's clock is ahead of the corrected one; nil: not known.
    func redisOffset() async -> Duration? {
        guard let redis = self.services.redis, case .ready = redis.connectionState else { return nil }
        guard case .array(let parts)? = try? await redis.send([Array("TIME".utf8)]), parts.count == 2,
            case .bytes(let seconds) = parts[0], let time = Int64(String(decoding: seconds, as: UTF8.self))
        else { return nil }
        return Timestamp(seconds: time) - Timestamp(seconds: self.services.clock.now.seconds)
    }

    private func redisPlace(_ redis: RedisClient) -> RedisPlace {
        let configuration = redis.configuration
        let isSealed = if case .keys = self.settings.seal { true } else { false }
        return RedisPlace(
            isLoopback: SealPolicy.isLoopback(configuration.host), isEncrypted: configuration.tls != nil,
            hasCredentials: configuration.credentials != nil || configuration.iam != nil, isSealed: isSealed,
            hasNearCache: self.settings.nearCacheEntries != nil)
    }

    private static func user(_ redis: RedisClient) async throws(RedisError) -> String {
        guard case .bytes(let name) = try await redis.send([Array("ACL".utf8), Array("WHOAMI".utf8)]) else { return "?" }
        return String(decoding: name, as: UTF8.self)
    }

    private static func facts(_ redis: RedisClient) async throws(RedisError) -> [RedisFacts] {
        let nodes = redis.nodes
        if nodes.isEmpty { return [RedisFacts(try await redis.info())] }
        var facts: [RedisFacts] = []
        for node in nodes {
            guard case .bytes(let text) = try await redis.send([Array("INFO".utf8)], to: node) else { continue }
            facts.append(RedisFacts(name: "\(node.host):\(node.port)", InfoText.properties(of: text)))
        }
        return facts
    }

    private static func cluster(_ redis: RedisClient) async throws(RedisError) -> [String: String]? {
        if redis.nodes.isEmpty { return nil }
        guard case .bytes(let text) = try await redis.send([Array("CLUSTER".utf8), Array("INFO".utf8)]) else { return [:] }
        return InfoText.properties(of: text)
    }

    /// Looks at keys of this table, of whatever wire format.
    private func sample(_ redis: RedisClient) async -> Evidence<KeySample> {
        guard let core = self.services.core else { return .failed("there is no cache") }
        var sample = KeySample()
        var (names, values) = (0, 0)
        do throws(SessionStoreError) {
            let pattern = Array("bs*:\(core.configuration.table):*".utf8)
            try await KeyWalk(redis, pattern: pattern).run { (keys) async throws(SessionStoreError) in
                for bytes in keys {
                    names += 1
                    guard let key = core.key(ofRedisKey: bytes) else {
                        if !bytes.starts(with: core.keyPrefix) { sample.otherFormat += 1 }
                        continue
                    }
                    sample.ours += 1
                    guard values < Self.sampledValues else { continue }
                    values += 1
                    sample.add(try await core.examine(key).state)
                }
                sample.isPartial = names >= Self.sampledNames || values >= Self.sampledValues
                return names < Self.sampledNames
            }
            return .known(sample)
        } catch {
            return error.underlying == RedisError.Code.permission.label ? .refused(right: "SCAN and GET") : .failed(error.message)
        }
    }

    private static func evidence<Value: Sendable>(
        _ right: String, _ question: () async throws(RedisError) -> Value
    ) async -> Evidence<Value> {
        do throws(RedisError) {
            return .known(try await question())
        } catch {
            return error.code == .permission ? .refused(right: "\(right) in Redis") : .failed(error.message)
        }
    }
}
