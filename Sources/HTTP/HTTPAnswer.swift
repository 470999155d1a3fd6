/// A complete answer: its head and all of its body.
package struct HTTPAnswer: Sendable {
    /// The status code, 200...599; interim answers (1xx) are skipped.
    package var status: Int
    /// The fields; look up by name in any case.
    package var headers: HTTPHeaders
    /// The body, decoded from its transfer coding.
    package var body: [UInt8]

    /// An answer with these parts.
    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
