import HTTPTypes
import Hummingbird

/// Keeps web pages out: a browser on this machine would carry any page's requests to a loopback address.
///
/// Browsers send `Origin` with each request that a page makes to another site's address and that could change anything. A page whose own name points to
/// 127.0.0.1 (DNS rebinding) sends that name as `Host`, so on a loopback address only loopback names are answered.
struct BrowserGuard: RequestCheck {
    let isLoopback: Bool

    func admit(_ request: Request) throws(Problem) {
        guard request.headers[.origin] == nil, !Self.isOfAnotherSite(request.headers) else {
            throw Problem(.forbidden, "requests of web pages are refused: whoever reaches this address can name any user")
        }
        if self.isLoopback, let authority = request.head.authority, !Self.isLoopbackName(authority) {
            throw Problem(.forbidden, "on a loopback address only requests to localhost, 127.0.0.1 or [::1] are answered")
        }
    }

    /// Browsers mark what a page asks of another site, whatever the method. Source: W3C, "Fetch Metadata Request Headers".
    private static func isOfAnotherSite(_ headers: HTTPFields) -> Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] else { return false }
        return site != "none" && site != "same-origin"
    }

    private static func isLoopbackName(_ authority: String) -> Bool {
        self.isUsualName(authority) || self.isLoopbackAddress(authority)
    }

    /// What nearly every request says, without a parser: that took a fortieth of the server's time.
    private static func isUsualName(_ authority: String) -> Bool {
        ["127.0.0.1:", "localhost:", "[::1]:"].contains { name in
            authority.hasPrefix(name) && UInt16(Substring(authority.utf8.dropFirst(name.utf8.count))) != nil
        }
    }

    private static func isLoopbackAddress(_ authority: String) -> Bool {
        let hasPort = authority.lastIndex(of: ":").map { !authority[$0...].contains("]") } ?? false
        let address = try? ListenAddress(hasPort ? authority : authority + ":80")
        return address?.isLoopback ?? false
    }
}
