/// What other threads may know about a client's connections.
struct RedisHealth: Sendable {
    var state: RedisConnectionState
    /// Empty where there is one server.
    var nodes: [RedisNode] = []

    static let closed = RedisHealth(state: .closed)

    init(state: RedisConnectionState) {
        self.state = state
    }

    init(single connection: Connection) {
        self.state = connection.state
    }

    /// A cluster is as ready as the worst of its nodes.
    init(nodes: [RedisNode], isClosed: Bool) {
        self.nodes = nodes
        self.state = isClosed ? .closed : nodes.map(\.state).max { Self.trouble($0) < Self.trouble($1) } ?? .disconnected
    }

    private static func trouble(_ state: RedisConnectionState) -> Int {
        switch state {
        case .ready: 0
        case .connecting: 1
        case .disconnected: 2
        case .backingOff: 3
        case .closed: 4
        }
    }
}
