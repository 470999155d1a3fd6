/// The API that an action group's actions call. The adapter owns this protocol; whoever builds the adapter puts HTTP behind it.
///
/// A conforming type sends a request to one host, and to no other: redirects are answers like others. It keeps to the deadline and to a size of the
/// answer, and says of each failure whether the request may have been acted on.
public protocol UpstreamAPI: Sendable {
    /// Sends a request and waits for its whole answer, whatever its status, for at most `deadline` from now.
    func send(_ request: UpstreamRequest, deadline: Duration) async throws(UpstreamError) -> UpstreamAnswer
}

/// A request to the upstream API, rebuilt from an event.
public struct UpstreamRequest: Hashable, Sendable {
    /// The method.
    public var method: ActionMethod
    /// The path below the API's address: begins with a slash, percent-encoded, without parts that are `.` or `..`.
    public var path: String
    /// The query without its question mark, percent-encoded; nil: none.
    public var query: String?
    /// Header fields, printable ASCII. None of them steers the connection.
    public var headers: [Header]
    /// The body; nil: none.
    public var body: Body?

    /// A header field.
    public struct Header: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String
    }

    /// A body.
    public struct Body: Hashable, Sendable {
        /// Its content type.
        public var contentType: String
        /// Its bytes.
        public var bytes: [UInt8]
    }

    /// A request with these parts.
    public init(method: ActionMethod, path: String, query: String? = nil, headers: [Header] = [], body: Body? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// What the upstream API answered.
public struct UpstreamAnswer: Hashable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// The content type; nil: it says none.
    public var contentType: String?
    /// The body.
    public var body: [UInt8]

    /// An answer with these parts.
    public init(status: Int, contentType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Why there is no answer of the upstream API.
public struct UpstreamError: Error, Hashable, Sendable {
    /// The kind of failure.
    public var code: Code
    /// Whether the request may have been acted on.
    public var mayHaveBeenDone: Bool

    /// The kinds of failure.
    public enum Code: String, Hashable, Sendable {
        /// There is no connection to it.
        case unreachable
        /// No whole answer in time.
        case timedOut
        /// Its answer is larger than the limit.
        case tooLarge
        /// Its answer cannot be read, or broke off.
        case malformedAnswer
        /// The request cannot be sent as it is.
        case refusedRequest
        /// Its name leads to an address that is not called.
        case refusedAddress
        /// This process has too many calls in flight.
        case overloaded
        /// The calling task was cancelled, or the process is about to end.
        case cancelled
    }

    /// A failure of that kind.
    public init(_ code: Code, mayHaveBeenDone: Bool) {
        self.code = code
        self.mayHaveBeenDone = mayHaveBeenDone
    }
}
