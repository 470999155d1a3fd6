import AWS
import SessionStore

extension SessionStoreError {
    /// What an error below means for a caller of the store, with a sentence that says what to do.
    ///
    /// The service's own sentences stay out: they may quote keys and values. Its code, status and request id are in `underlying`.
    init(_ error: AWSError, table: String, operation: DynamoOperation = .getItem) {
        let (code, message) = Self.meaning(of: error, table: table, operation)
        self.init(code, message, underlying: Self.origin(of: error))
    }

    private static func origin(of error: AWSError) -> String? {
        // Nothing was sent: the sentence says it all.
        if error.kind == .noCredentials || error.kind == .configuration { return nil }
        var parts = [error.code]
        if error.status != 0 { parts.append("HTTP \(error.status)") }
        if error.attempts > 1 { parts.append("\(error.attempts) attempts") }
        if let id = error.requestID { parts.append("request \(id)") }
        return parts.joined(separator: ", ")
    }

    private static func meaning(of error: AWSError, table: String, _ operation: DynamoOperation) -> (Code, String) {
        switch error.kind {
        case .service: self.service(error, table, operation)
        // These sentences are written by this program: they name the variables and files to look at.
        case .noCredentials: (.accessDenied, error.message)
        case .configuration: (.misconfigured, error.message)
        case .connection: (.unavailable, error.message)
        case .deadlineExceeded:
            (.deadlineExceeded, "DynamoDB did not answer in time: try again; if it lasts, check the network between here and the endpoint")
        case .lostAnswer where error.code == AWSError.damagedCode:
            (
                .unavailable,
                "the answer from DynamoDB was damaged on its way: try again; if it lasts, check what stands between here and the endpoint"
            )
        case .lostAnswer: (.unavailable, "the connection to DynamoDB ended before its answer was complete: try again")
        case .overloaded: (.overloaded, "this process has too many calls to DynamoDB in flight: try again with fewer at a time")
        case .cancelled: (.cancelled, "the call was cancelled before DynamoDB answered")
        case .closed: (.closed, "the store was shut down: create a new one")
        default: (.unavailable, error.message)
        }
    }

    private static func service(_ error: AWSError, _ table: String, _ operation: DynamoOperation) -> (Code, String) {
        if let mistake = self.scope(error.message) { return (.misconfigured, mistake) }
        if let refusal = self.refusal(error.code, table, operation) { return (.accessDenied, refusal) }
        switch error.code {
        case "ResourceNotFoundException":
            return (
                .tableMissing,
                "there is no table \(table) in this region and account: create it with `bedrock-sessions create-table \(table) REGION`, or correct "
                    + "BEDROCK_SESSIONS_TABLE and AWS_REGION"
            )
        case "ResourceInUseException":
            return (.unavailable, "the table \(table) is being created, changed or removed: try again when it is active")
        case "ValidationException": return self.validation(error, table)
        case "ItemCollectionSizeLimitExceededException", "RequestEntityTooLarge": return (.tooLarge, SessionStoreError.itemTooLarge.message)
        case "LimitExceededException":
            return (.throttled, "too many tables are being created or changed at a time: wait until they are active and try again")
        default:
            if error.isThrottling {
                return (
                    .throttled,
                    "DynamoDB throttles the table \(table): try again later, or raise its capacity (on-demand mode adapts by itself)"
                )
            }
            if error.status >= 500 { return (.unavailable, "DynamoDB failed to handle the request: try again") }
            return (.unavailable, "DynamoDB refused the request with a code that this program does not know: see the code")
        }
    }

    /// What to do where an endpoint takes signatures for another region or service only; nil for what says nothing of that. AWS has one code for this and for a
    /// wrong secret: its sentence tells them apart ("Credential should be scoped to a valid region", "... to correct service: 'dynamodb'").
    private static func scope(_ sentence: String) -> String? {
        guard sentence.mentions("should be scoped") else { return nil }
        guard sentence.mentions("service") else {
            return
                "the endpoint belongs to another region than the one requests are signed for: make AWS_REGION (or region of the profile) and "
                + "AWS_ENDPOINT_URL_DYNAMODB agree"
        }
        return
            "the endpoint belongs to another service than DynamoDB: correct AWS_ENDPOINT_URL_DYNAMODB, or AWS_ENDPOINT_URL, which counts for all services"
    }

    /// What to do where AWS does not accept who asks; nil for other codes.
    private static func refusal(_ code: String, _ table: String, _ operation: DynamoOperation) -> String? {
        switch code {
        case "AccessDeniedException":
            "these AWS credentials may not do this with the table \(table): allow \(operation.rights) in their IAM policy"
        case "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException":
            "the key that encrypts the table \(table) cannot be used: check in AWS KMS that it is enabled and that these credentials may use it"
        case "ExpiredTokenException", "ExpiredToken":
            "the AWS session token has expired: renew the credentials (AWS_SESSION_TOKEN and the two keys belong together)"
        case "RequestExpired", "RequestTimeTooSkewed":
            "AWS refuses the signature for its time: set this machine's clock"
        case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidSignatureException",
            "SignatureDoesNotMatch", "IncompleteSignatureException", "IncompleteSignature", "MissingAuthenticationTokenException",
            "MissingAuthenticationToken", "AuthFailure":
            "AWS does not accept the credentials: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile that "
                + "AWS_PROFILE names, that they are for this region and partition, and this machine's clock"
        default: nil
        }
    }

    /// One code for many mistakes; only its sentence tells them apart.
    private static func validation(_ error: AWSError, _ table: String) -> (Code, String) {
        let text = error.message.lowercased()
        if text.mentions("item size") || text.mentions("exceeded the maximum allowed size") {
            return (.tooLarge, SessionStoreError.itemTooLarge.message)
        }
        if text.mentions("schema") || text.mentions("missing the key") {
            return (
                .misconfigured,
                "the table \(table) has another key: sessions need a table with the partition key session_id (S) and no sort key; create one with "
                    + "`bedrock-sessions create-table NAME REGION`"
            )
        }
        return (.invalidValue, "DynamoDB cannot store this change: check names and values against its limits")
    }
}
