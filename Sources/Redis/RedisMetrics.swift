internal import CoreMetrics

/// The metrics of connections to Redis, their names and labels: here and nowhere else. No label comes from a key, a value or an address.
struct RedisMetrics: Sendable {
    /// Connections that were opened and greeted.
    static let connections = "bedrock_sessions.redis.connections_opened"
    /// Connections that ended, and attempts to open one that failed, by `reason`.
    static let failures = "bedrock_sessions.redis.connection_failures"

    /// Connections that are open now.
    static let open = "bedrock_sessions.redis.connections"

    private let opened = Counter(label: Self.connections)
    private let open = Meter(label: Self.open)
    private let factory = MetricsSystem.factory

    func connected() {
        self.opened.increment()
    }

    /// One more is open, or one less.
    func opened(_ isOpen: Bool) {
        if isOpen { self.open.increment() } else { self.open.decrement() }
    }

    /// Rare, so it is made when it happens: reasons are the codes of `RedisError`.
    func failed(_ error: RedisError) {
        Counter(label: Self.failures, dimensions: [("reason", error.code.label)], factory: self.factory).increment()
    }
}
