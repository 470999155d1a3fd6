import HTTP
import Locked

/// Signature Version 4 for one service in one region.
///
/// A pure function of request, credentials and date; what it keeps (contexts of OpenSSL, buffers, the signing key of the day) only saves time.
/// A request that carries its signature in headers is made by `sign`, one that carries it in its query by `presign`.
/// Rules: AWS General Reference, "Create a signed AWS API request".
package struct Signer: Sendable {
    /// The region of the scope.
    package let region: String
    /// The service's signing name: `dynamodb`, `sts`.
    package let service: String
    private let state: Locked<SigningState>

    /// A signer; throws when OpenSSL offers no SHA-256 or HMAC.
    package init(service: String, region: String, rules: SigningRules = SigningRules()) throws(AWSError) {
        self.service = service
        self.region = region
        self.state = Locked(try SigningState(service: service, region: region, rules: rules))
    }

    /// Adds `X-Amz-Date`, `X-Amz-Security-Token` (when the credentials have one) and `Authorization` to the request's headers.
    /// The request needs its `Host` field; a date that is there stays and must agree with `date`.
    package func sign(
        _ request: inout SigningRequest, with credentials: AWSCredentials, at date: SigningDate, token: TokenPlacement = .signed
    ) throws(AWSError) {
        if request.headers.bytes(of: "x-amz-date") == nil {
            request.headers.append("X-Amz-Date", bytes: date.text)
        }
        if token == .signed { Self.addToken(credentials, to: &request) }
        let authorization = try self.authorization(of: request, with: credentials, at: date)
        request.headers.append("Authorization", bytes: authorization)
        if token == .afterSigning { Self.addToken(credentials, to: &request) }
    }

    private static func addToken(_ credentials: AWSCredentials, to request: inout SigningRequest) {
        guard let token = credentials.sessionToken, request.headers.bytes(of: "x-amz-security-token") == nil else { return }
        request.headers.append("X-Amz-Security-Token", token)
    }

    /// The value of `Authorization` for a request whose other headers are complete.
    package func authorization(
        of request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate
    ) throws(AWSError) -> [UInt8] {
        try self.state.withLock { state throws(AWSError) in
            try state.authorization(of: request, with: credentials, at: date)
        }
    }

    /// The fields of a service's request, with its signature of that date (seconds since 1970).
    func headers(of request: ServiceRequest, with credentials: AWSCredentials, at seconds: Int64) throws(AWSError) -> HTTPHeaders {
        try self.state.withLock { state throws(AWSError) in
            try state.headers(of: request, with: credentials, at: seconds)
        }
    }

    /// The signature alone, in hexadecimal digits, for a request that is complete but for it.
    func signature(of request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate) throws(AWSError) -> [UInt8] {
        try self.state.withLock { state throws(AWSError) in
            try state.signature(of: request, with: credentials, at: date)
        }
    }

    /// The canonical form and the string to sign, for tests and for finding out why a service refuses a signature. Holds no secret but
    /// a session token.
    package func explain(
        _ request: SigningRequest, at date: SigningDate
    ) throws(AWSError) -> (canonicalRequest: String, stringToSign: String) {
        try self.state.withLock { state throws(AWSError) in
            try state.explain(request, at: date)
        }
    }
}
