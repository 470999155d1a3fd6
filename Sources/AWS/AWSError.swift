/// Why an AWS call, or what it needs (credentials, region, endpoint), failed.
///
/// `description` holds no key, item or secret; `body` may, and so may `message` where a service speaks: they are for the layer that knows what they hold.
public struct AWSError: Error, Hashable, Sendable {
    /// The kind of error.
    public var kind: Kind
    /// The service's own code (`ResourceNotFoundException`), or the kind's label where no service spoke.
    public var code: String
    /// One sentence: the service's first line, or what to do.
    public var message: String
    /// The HTTP status, 0 where there was no answer.
    public var status: Int
    /// The service's name for the request, for a support case.
    public var requestID: String?
    /// How often the request was sent or tried to be sent.
    public var attempts: Int
    /// Whether the service refused for load.
    public var isThrottling: Bool
    /// Whether the service may have executed the request.
    public var outcome: Outcome
    /// The whole error body, as received: a failed condition carries its item there.
    public var body: [UInt8]

    /// Whether the service may have executed the request.
    public enum Outcome: Hashable, Sendable {
        /// For certain not executed.
        case refused
        /// It may have been executed: 5xx, a lost or unreadable answer, a deadline after sending.
        case unknown
    }

    /// The kinds of error.
    public struct Kind: Hashable, Sendable {
        private enum Name: String, Hashable {
            case service, noCredentials, configuration, connection, deadlineExceeded, lostAnswer, overloaded, cancelled, closed, crypto
        }

        private let name: Name

        /// The service answered with an error; `code` is its code.
        public static let service = Kind(name: .service)
        /// No source has credentials, or one has half of them.
        public static let noCredentials = Kind(name: .noCredentials)
        /// The region, endpoint or a profile file cannot be used.
        public static let configuration = Kind(name: .configuration)
        /// No connection to the service: name, route, refusal, TLS.
        public static let connection = Kind(name: .connection)
        /// No answer in the call's time.
        public static let deadlineExceeded = Kind(name: .deadlineExceeded)
        /// The request was sent and no whole answer came back.
        public static let lostAnswer = Kind(name: .lostAnswer)
        /// This process has too many calls in flight.
        public static let overloaded = Kind(name: .overloaded)
        /// The calling task was cancelled.
        public static let cancelled = Kind(name: .cancelled)
        /// The client was shut down.
        public static let closed = Kind(name: .closed)
        /// OpenSSL refused.
        public static let crypto = Kind(name: .crypto)

        /// A name for metrics, from a bounded set.
        public var label: String { self.name.rawValue }
    }

    /// An error with these parts; `code` is the kind's label unless given.
    public init(
        _ kind: Kind, _ message: String, code: String? = nil, status: Int = 0, requestID: String? = nil, attempts: Int = 0,
        isThrottling: Bool = false, outcome: Outcome = .refused, body: [UInt8] = []
    ) {
        self.kind = kind
        self.code = code ?? kind.label
        self.message = message
        self.status = status
        self.requestID = requestID
        self.attempts = attempts
        self.isThrottling = isThrottling
        self.outcome = outcome
        self.body = body
    }
}

extension AWSError: CustomStringConvertible {
    /// Code and status, and the sentence where this program wrote it.
    public var description: String {
        let place = self.code + (self.status == 0 ? "" : " (HTTP \(self.status))")
        return self.kind == .service ? place : "\(place): \(self.message)"
    }
}

extension AWSError {
    static func crypto(_ step: String) -> AWSError {
        AWSError(.crypto, "OpenSSL failed at: \(step). Check that its default provider is installed and not disabled by openssl.cnf.")
    }
}
