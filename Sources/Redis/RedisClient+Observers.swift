internal import EventLoop
internal import Synchronization

/// What a feed of invalidations has to know of a client's connection.
extension RedisClient {
    private static let lastObserver = Atomic<UInt64>(0)

    /// Has messages of subscriptions, and the end of each connection, told on the loop, until `forget`.
    @discardableResult
    func observe(message: (@Sendable (RedisReply) -> Void)? = nil, ended: @escaping @Sendable () -> Void) -> UInt64 {
        let id = Self.lastObserver.add(1, ordering: .relaxed).newValue
        self.onConnection { connection in
            if let message { connection.onMessage = message }
            connection.observers[id] = ended
        }
        return id
    }

    /// Tells this observer no longer.
    func forget(_ observer: UInt64) {
        self.onConnection { $0.observers[observer] = nil }
    }
}
