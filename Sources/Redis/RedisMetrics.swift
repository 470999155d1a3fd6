internal import CoreMetrics

/// The metrics of connections to Redis, their names and labels: here and nowhere else. No label comes from a key, a value or an address.
struct RedisMetrics: Sendable {
    /// Connections that were opened and greeted.
    static let connections = "bedrock_sessions.redis.connections_opened"
    /// Connections that ended, and attempts to open one that failed, by `reason`.
    static let failures = "bedrock_sessions.redis.connection_failures"

    private let opened = Counter(label: Self.connections)
    private let factory = MetricsSystem.factory

    func connected() {
        self.opened.increment()
    }

    /// Rare, so it is made when it happens: reasons are the codes of `RedisError`.
    func failed(_ error: RedisError) {
        Counter(label: Self.failures, dimensions: [("reason", error.code.label)], factory: self.factory).increment()
    }
}
