/// Where a container's credentials are. Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
enum ContainerEndpoint {
    /// The agent of ECS, for relative addresses.
    static let agent = "http://169.254.170.2"

    /// The URL, nil when neither variable is set. Throws for one that credentials must not be asked of.
    static func url(relative: String?, full: String?, agent: String = Self.agent) throws(AWSError) -> String? {
        if let relative {
            guard relative.hasPrefix("/") else {
                throw AWSError(.configuration, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI starts with a slash: correct it or unset it.")
            }
            return agent + relative
        }
        guard let full else { return nil }
        guard let host = self.host(full) else {
            throw AWSError(.configuration, "AWS_CONTAINER_CREDENTIALS_FULL_URI is no http or https URL: correct it or unset it.")
        }
        guard full.lowercased().hasPrefix("https://") || self.isNear(host) else {
            throw AWSError(
                .configuration,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that credentials must not be asked of without TLS: use https, a loopback "
                    + "address, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23].")
        }
        return full
    }

    /// The host in small letters, without brackets; nil for what is no URL.
    private static func host(_ url: String) -> String? {
        let text = url.lowercased()
        guard text.hasPrefix("http://") || text.hasPrefix("https://"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let authority = text.dropFirst(text.hasPrefix("https") ? "https://".count : "http://".count).prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\") else { return nil }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        let host = authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    /// Loopback, and the addresses that ECS and EKS give to their agents.
    private static func isNear(_ host: String) -> Bool {
        if ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in part.allSatisfy { $0.isASCII && $0.isNumber } && UInt8(part) != nil }
    }
}
