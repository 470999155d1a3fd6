/// What INFO said of one server, or of one primary of a cluster.
package struct RedisFacts: Hashable, Sendable {
    /// Where it is: `host:port` in a cluster, empty for a single server.
    package var name: String
    /// The properties.
    package var properties: [String: String]

    /// The facts of a server.
    package init(name: String = "", _ properties: [String: String]) {
        self.name = name
        self.properties = properties
    }

    /// The property, unless it is hidden.
    subscript(_ property: String) -> String? {
        self.properties[property].flatMap { $0.isEmpty ? nil : $0 }
    }

    func number(_ property: String) -> Int64? {
        self[property].flatMap { Int64($0) }
    }

    /// In front of a sentence about it.
    var prefix: String { self.name.isEmpty ? "" : "\(self.name): " }
}

/// Where Redis is and who connects, as configured.
package struct RedisPlace: Hashable, Sendable {
    /// Whether it can only be this machine.
    package var isLoopback: Bool
    /// Whether the way there is encrypted.
    package var isEncrypted: Bool
    /// Whether a password or an identity is shown.
    package var hasCredentials: Bool
    /// Whether entries are sealed.
    package var isSealed: Bool
    /// Whether the near cache is configured.
    package var hasNearCache: Bool

    /// A place of these properties.
    package init(isLoopback: Bool, isEncrypted: Bool, hasCredentials: Bool, isSealed: Bool, hasNearCache: Bool = false) {
        self.isLoopback = isLoopback
        self.isEncrypted = isEncrypted
        self.hasCredentials = hasCredentials
        self.isSealed = isSealed
        self.hasNearCache = hasNearCache
    }
}
