/// Where a service answers: scheme, authority and path of a URL.
package struct AWSEndpoint: Hashable, Sendable {
    /// The URL to send to, without query.
    package let url: String
    /// The value of `Host`: the port is there unless it is the scheme's own.
    package let host: String
    /// The path, at least `/`.
    package let path: String

    /// Takes a URL apart: `http` or `https`, a host, nothing of a user, query or fragment.
    package init(url: String) throws(AWSError) {
        let parts = try Self.parse(url)
        self.url = parts.scheme + "://" + parts.host + parts.path
        self.host = parts.host
        self.path = parts.path
    }

    /// The explicit URL, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or the service's public endpoint in the region.
    package static func resolve(
        service: String, region: String, explicit: String?, environment: Environment
    ) throws(AWSError) -> AWSEndpoint {
        if let explicit { return try AWSEndpoint(url: explicit) }
        let variable = "AWS_ENDPOINT_URL_" + service.uppercased()
        if let url = environment[variable] ?? environment["AWS_ENDPOINT_URL"] { return try AWSEndpoint(url: url) }
        return try AWSEndpoint(url: "https://\(service).\(region).\(Self.suffix(region))")
    }

    /// The DNS suffix of the region's partition (botocore's partitions.json).
    private static func suffix(_ region: String) -> String {
        let partitions = [
            ("cn-", "amazonaws.com.cn"), ("us-isob-", "sc2s.sgov.gov"), ("us-isof-", "csp.hci.ic.gov"), ("us-iso-", "c2s.ic.gov"),
            ("eu-isoe-", "cloud.adc-e.uk"), ("eusc-", "amazonaws.eu"),
        ]
        return partitions.first { region.hasPrefix($0.0) }?.1 ?? "amazonaws.com"
    }

    private static func parse(_ url: String) throws(AWSError) -> (scheme: String, host: String, path: String) {
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
    private static func host(_ authority: Substring, _ scheme: String) throws(AWSError) -> String {
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

    private static func invalid() -> AWSError {
        AWSError(
            .configuration,
            "The AWS endpoint is no URL of the form http(s)://host[:port][/path]: correct AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL.")
    }
}
