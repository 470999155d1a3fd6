package import HTTP

/// What of a request is signed. A value without clock or secrets: the same one always has the same canonical form.
package struct SigningRequest: Sendable {
    /// The method, in capitals.
    package var method: String
    /// The path as it is sent; empty means `/`.
    package var path: String
    /// The query as it is sent, without the question mark.
    package var query: String
    /// The fields as they are sent, `Host` among them. Fields that proxies change are not signed, see `CanonicalRequest`.
    package var headers: HTTPHeaders
    /// The body.
    package var payload: Payload

    /// How the body enters the signature.
    package enum Payload: Sendable {
        /// By its SHA-256.
        case bytes([UInt8])
        /// By a digest known already, or a constant that some services define: its text, as it is signed.
        case digest(String)

        /// The constant for a body that is not signed.
        package static let unsigned = Payload.digest("UNSIGNED-PAYLOAD")
    }

    /// A request with these parts.
    package init(method: String, path: String, query: String = "", headers: HTTPHeaders, payload: Payload) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.payload = payload
    }
}
