/// Where a service answers: scheme, authority and path of a URL.
package struct AWSEndpoint: Hashable, Sendable {
    /// The URL to send to, without query.
    package let url: String
    /// The value of `Host`: the port is there unless it is the scheme's own.
    package let host: String
    /// The path, at least `/`.
    package let path: String

    /// Takes a URL apart: `http` or `https`, a host, nothing of a user, query or fragment. `origin` names what to correct otherwise.
    package init(url: String, from origin: String = "the endpoint that was given") throws(AWSError) {
        guard let parts = try? Self.parse(url) else { throw Self.invalid(origin) }
        self.url = parts.scheme + "://" + parts.host + parts.path
        self.host = parts.host
        self.path = parts.path
    }

    private static func parse(_ url: String) throws(Malformed) -> (scheme: String, host: String, path: String) {
        guard let mark = url.utf8.firstIndex(of: UInt8(ascii: ":")), url[mark...].hasPrefix("://") else { throw self.invalid() }
        let scheme = url[..<mark].lowercased()
        guard scheme == "http" || scheme == "https" else { throw self.invalid() }
        let rest = url[url.index(mark, offsetBy: 3)...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else { throw self.invalid() }
        let authority = rest.prefix { !"/?#".contains($0) }
        var path = String(rest[authority.endIndex...])
        guard !authority.isEmpty, !authority.contains("@"), !path.contains("?"), !path.contains("#") else { throw self.invalid() }
        if path.isEmpty { path = "/" }
        return (scheme, try self.host(authority, scheme), path)
    }

    /// The authority in small letters, without the scheme's own port.
    private static func host(_ authority: Substring, _ scheme: String) throws(Malformed) -> String {
        let end =
            authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        guard !authority.hasPrefix("[") || end != nil else { throw self.invalid() }
        let name = authority[..<(end ?? authority.endIndex)].lowercased()
        let port = authority[(end ?? authority.endIndex)...]
        guard !name.isEmpty else { throw self.invalid() }
        if port.isEmpty || port == ":" { return name }
        guard port.hasPrefix(":"), port.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(port.dropFirst()),
            number > 0
        else { throw self.invalid() }
        return number == (scheme == "http" ? 80 : 443) ? name : "\(name):\(number)"
    }

    /// What is wrong is said by whoever knows where the URL comes from.
    private struct Malformed: Error {}

    private static func invalid() -> Malformed { Malformed() }

    private static func invalid(_ origin: String) -> AWSError {
        AWSError(.configuration, "An AWS endpoint is no URL of the form http(s)://host[:port][/path]: correct \(origin).")
    }
}
