import HTTP

extension AWSError {
    /// The service refuses these credentials, or this identity lacks the right.
    package var isAccessDenied: Bool { Self.credentialCodes.contains(self.code) || self.code == "AccessDeniedException" }

    /// Codes by which services refuse a signature or a key.
    static let credentialCodes: Set<String> = [
        "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
        "IncompleteSignatureException", "InvalidClientTokenId", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
        "ExpiredTokenException", "ExpiredToken", "RequestExpired", "InvalidAccessKeyId",
    ]

    /// An error answer.
    init(_ answer: HTTPAnswer, attempts: Int) {
        let body = AWSErrorBody(answer)
        let code = body.code.isEmpty ? "HTTP\(answer.status)" : body.code
        self.init(
            .service, Self.sentence(code, body.message, status: answer.status), code: code, status: answer.status,
            requestID: answer.headers["x-amzn-requestid"] ?? answer.headers["x-amz-request-id"], attempts: attempts,
            isThrottling: ErrorClass(code: body.code, status: answer.status) == .throttling,
            outcome: (400..<500).contains(answer.status) && answer.status != 408 ? .refused : .unknown, body: answer.body)
    }

    /// A call without an answer.
    init(_ error: HTTPError, attempts: Int) {
        let kind: Kind =
            switch error.code {
            case .timedOut: .deadlineExceeded
            case .overloaded: .overloaded
            case .cancelled: .cancelled
            case .closed: .closed
            case .invalidCall: .configuration
            default: error.requestMayHaveBeenSent ? .lostAnswer : .connection
            }
        self.init(kind, error.message, attempts: attempts, outcome: error.requestMayHaveBeenSent ? .unknown : .refused)
    }

    private static func sentence(_ code: String, _ message: String, status: Int) -> String {
        let said = message.isEmpty ? "The service answered with status \(status)." : message
        switch code {
        case "ExpiredTokenException", "ExpiredToken", "RequestExpired":
            return said + " Get new temporary credentials, and check the local clock."
        case "AccessDeniedException":
            return said + " Allow the action in the identity's IAM policy."
        case _ where self.credentialCodes.contains(code):
            return said + " Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (or the profile), the region and the clock."
        default:
            return said
        }
    }
}
