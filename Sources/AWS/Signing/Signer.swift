import HTTP
import Locked

/// Signature Version 4 for one service in one region.
///
/// A pure function of request, credentials and date; what it keeps (contexts of OpenSSL, buffers, the signing key of the day) only saves time.
/// Signing a request that carries its signature in headers is `sign`; `signature(of:)` and the scope are what a query form needs too.
/// Rules: AWS General Reference, "Create a signed AWS API request".
package struct Signer: Sendable {
    /// The region of the scope.
    package let region: String
    /// The service's signing name: `dynamodb`, `sts`.
    package let service: String
    private let state: Locked<SigningState>

    /// A signer; throws when OpenSSL offers no SHA-256 or HMAC.
    package init(service: String, region: String) throws(AWSError) {
        self.service = service
        self.region = region
        self.state = Locked(try SigningState(service: service, region: region))
    }

    /// Adds `X-Amz-Date`, `X-Amz-Security-Token` (when the credentials have one) and `Authorization` to the request's headers.
    /// The request needs its `Host` field; a date that is there stays and must agree with `date`.
    package func sign(_ request: inout SigningRequest, with credentials: AWSCredentials, at date: SigningDate) throws(AWSError) {
        if request.headers.bytes(of: "x-amz-date") == nil {
            request.headers.append("X-Amz-Date", bytes: date.text)
        }
        if let token = credentials.sessionToken, request.headers.bytes(of: "x-amz-security-token") == nil {
            request.headers.append("X-Amz-Security-Token", token)
        }
        let authorization = try self.authorization(of: request, with: credentials, at: date)
        request.headers.append("Authorization", bytes: authorization)
    }

    /// The value of `Authorization` for a request whose other headers are complete.
    package func authorization(
        of request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate
    ) throws(AWSError) -> [UInt8] {
        try self.state.withLock { state throws(AWSError) in
            try state.authorization(of: request, with: credentials, at: date)
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
