package import AWS
package import SessionStore

/// Why an operation has no usable answer: what to tell the store's caller, and whether the table may have been changed.
package struct DynamoError: Error, Hashable, Sendable {
    /// For the caller.
    package var storeError: SessionStoreError
    /// The service's code, or the kind of failure below it.
    package var code: String
    /// Whether the request may have been executed.
    package var outcome: AWSError.Outcome

    /// An error with these parts.
    package init(_ storeError: SessionStoreError, code: String, outcome: AWSError.Outcome) {
        self.storeError = storeError
        self.code = code
        self.outcome = outcome
    }

    /// What `error` means for a call on `table`.
    init(_ error: AWSError, table: String) {
        self.init(SessionStoreError(error, table: table), code: error.code, outcome: error.outcome)
    }

    /// A response of status 200 that cannot be read: the operation was executed.
    static let unreadableAnswer = DynamoError(
        SessionStoreError(
            .unavailable,
            "the answer from DynamoDB is cut off or not DynamoDB's JSON: check that AWS_ENDPOINT_URL_DYNAMODB names a DynamoDB endpoint, and try again"
        ),
        code: "unreadableAnswer", outcome: .unknown)
}
