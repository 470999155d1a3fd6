/// Through which proxies calls go, and which go directly.
///
/// The variables and their forms are those of curl(1), "ENVIRONMENT", and of the AWS SDKs ("HTTP proxies"). This machine and the metadata services
/// (169.254.0.0/16, fd00:ec2::/32) are never asked through a proxy: it would have its own, or learn this machine's credentials.
package struct HTTPProxies: Hashable, Sendable {
    private var forHTTP: String?
    private var forHTTPS: String?
    private var exceptions: [HostPattern]

    /// No proxies.
    package init() {
        self.exceptions = []
    }

    /// Those of `https_proxy`, `http_proxy` and `no_proxy`, in capitals where these are unset; `variable` answers nil for unset and blank ones.
    package init(environment variable: (String) -> String?) {
        self.forHTTPS = variable("https_proxy") ?? variable("HTTPS_PROXY")
        self.forHTTP = variable("http_proxy")
        // A web server hands a request's `Proxy` field to its CGI programs as HTTP_PROXY: there the variable is the caller's, not the operator's.
        if self.forHTTP == nil, variable("REQUEST_METHOD") == nil { self.forHTTP = variable("HTTP_PROXY") }
        let list = variable("no_proxy") ?? variable("NO_PROXY") ?? ""
        self.exceptions = list.split { ", \t".contains($0) }.map { HostPattern($0) }
    }

    /// The proxy's URL for a call to `url`; nil: none.
    package func proxy(for url: String) -> String? {
        let isSecure = url.hasPrefix("https://")
        guard let proxy = isSecure ? self.forHTTPS : self.forHTTP, let (host, port) = Self.authority(of: url) else { return nil }
        let goesDirectly = (Self.always + self.exceptions).contains { $0.matches(host: host, port: port ?? (isSecure ? 443 : 80)) }
        return goesDirectly ? nil : proxy
    }

    private static let always = ["localhost", "127.0.0.0/8", "::1", "169.254.0.0/16", "fd00:ec2::/32"].map { HostPattern($0) }

    /// Host, in small letters and without brackets, and port; nil for what is no URL.
    private static func authority(of url: String) -> (host: String, port: UInt16?)? {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        let authority = url[colon...].dropFirst("://".count).prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return place.isEmpty ? nil : HostPattern.split(place)
    }
}
