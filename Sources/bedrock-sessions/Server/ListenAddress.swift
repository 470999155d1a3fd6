/// Where the server listens.
struct ListenAddress: Hashable {
    /// A name or an address, without brackets.
    var host: String
    /// The port; 0: a free one.
    var port: Int

    /// Parses `host:port` or `[address]:port`. Throws a usage failure.
    init(_ text: String) throws(CommandFailure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, let port = UInt16(last) else { throw Self.malformed }
        let name = parts.dropLast().joined(separator: ":")
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        let host = isBracketed ? String(name.dropFirst().dropLast()) : name
        guard !host.isEmpty, isBracketed == host.contains(":"), !host.contains(where: \.isWhitespace) else { throw Self.malformed }
        self.host = host
        self.port = Int(port)
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        self.host == "localhost" || self.host == "::1" || self.host.hasPrefix("127.") && self.host.allSatisfy { $0.isNumber || $0 == "." }
    }

    private static var malformed: CommandFailure {
        .usage("--listen is host:port, such as 127.0.0.1:8080 or [::1]:8080")
    }
}

extension ListenAddress: CustomStringConvertible {
    /// `host:port`, as in a URL.
    var description: String {
        (self.host.contains(":") ? "[\(self.host)]" : self.host) + ":\(self.port)"
    }
}
