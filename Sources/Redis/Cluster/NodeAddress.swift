/// Where a node of a cluster listens, as its clients reach it.
struct NodeAddress: Hashable, Sendable {
    /// A name, or an address without brackets.
    var host: String
    var port: Int
}

extension NodeAddress: CustomStringConvertible {
    /// `host:port`, an IPv6 address in brackets.
    var description: String { self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)" }
}
