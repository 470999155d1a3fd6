/// One request to send.
package struct HTTPCall: Sendable {
    /// The method, in capitals: `GET`, `POST`, `PUT`, ...
    package var method: String
    /// An absolute `http` or `https` URL, percent-encoded.
    package var url: String
    /// The fields to send. `Host` and `Content-Length` are added where missing; nothing else is (no `Accept`, no `User-Agent`, no `Expect`).
    package var headers: HTTPHeaders
    /// The body; sent for every method but GET and HEAD, also when empty.
    package var body: [UInt8]
    /// Whether the request may be sent a second time, at once and within the same call, when a kept connection turns out to have been closed
    /// before any byte of an answer. False for what must not happen twice: then that case is `.reset`.
    package var isRepeatable: Bool
    /// Whether it goes over a new connection: after an attempt that was not answered in its time, a kept one may be as dead.
    package var needsFreshConnection = false

    /// A request with these parts.
    package init(
        method: String, url: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], isRepeatable: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable
    }
}
