/// What an error answer means for another attempt.
package enum ErrorClass: Hashable, Sendable {
    /// The service refuses for load.
    case throttling
    /// The next attempt may fare better.
    case transient
    /// The next attempt would be answered the same.
    case permanent

    /// By the code first, then by the status.
    package init(code: String, status: Int) {
        if Self.throttlingCodes.contains(code) {
            self = .throttling
        } else if Self.transientCodes.contains(code) {
            self = .transient
        } else {
            switch status {
            case 429: self = .throttling
            case 500, 502, 503, 504: self = .transient
            default: self = .permanent
            }
        }
    }

    /// The codes that the SDKs take for throttling (Retry behavior, "Throttling errors").
    package static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
        "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
        "EC2ThrottledException",
    ]

    /// The codes that the SDKs take for transient (Retry behavior, "Transient errors"), the names of DynamoDB's and S3's 500, and what the models of
    /// DynamoDB and STS mark as retryable.
    package static let transientCodes: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalServerError", "ReplicatedWriteConflictException",
        "IDPCommunicationError",
    ]

    /// The codes by which services refuse a signature for its date, or may (AWS SDK for Java, `AwsErrorCode`, definite and possible clock skew
    /// errors): the answer's date tells.
    package static let skewCodes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    ]
}
