package import AWS
package import SessionStore

/// Why an operation has no usable answer: what to tell the store's caller, and whether the table may have been changed.
package struct DynamoError: Error, Hashable, Sendable {
    /// For the store's caller: what happened and what to do about it.
    package var storeError: SessionStoreError
    /// The service's code, or the kind of failure below it.
    package var code: String
    /// Whether the request may have been executed.
    package var outcome: AWSError.Outcome
    /// The HTTP status, 0 where there was no answer.
    package var status = 0
    /// The service's name for the request, for a support case.
    package var requestID: String?
    /// How often the request was sent.
    package var attempts = 0
    /// What the service said. It may quote keys and values: not for logs, and not part of `description`.
    package var serviceMessage = ""

    /// What the caller may do with the same request.
    package enum RetryAdvice: String, Hashable, Sendable {
        /// The answer would be the same: something else has to change first.
        case no
        /// Later; the request was not executed.
        case later
        /// Read first: the request may have been executed.
        case readFirst
    }

    /// An error with these parts.
    package init(_ storeError: SessionStoreError, code: String, outcome: AWSError.Outcome) {
        self.storeError = storeError
        self.code = code
        self.outcome = outcome
    }

    /// What to do, in a sentence.
    package var message: String { self.storeError.message }

    /// What the caller may do with the same request.
    package var advice: RetryAdvice {
        switch self.outcome {
        case .unknown: .readFirst
        case .refused: self.storeError.isTransient ? .later : .no
        }
    }

    /// What `error` means for `operation` on `table`.
    init(_ error: AWSError, table: String, operation: DynamoOperation) {
        self.init(SessionStoreError(error, table: table, operation: operation), code: error.code, outcome: error.outcome)
        self.status = error.status
        self.requestID = error.requestID
        self.attempts = error.attempts
        self.serviceMessage = error.kind == .service ? error.message : ""
    }

    /// What was found out before anything was sent.
    static func notSent(_ error: SessionStoreError) -> DynamoError {
        DynamoError(error, code: error.code.label, outcome: .refused)
    }

    /// A response of status 200 that cannot be read: the operation was executed.
    static let unreadableAnswer = DynamoError(
        SessionStoreError(
            .unavailable,
            "the answer from DynamoDB is cut off or not DynamoDB's JSON: check that AWS_ENDPOINT_URL_DYNAMODB names a DynamoDB endpoint, and try again"
        ),
        code: "unreadableAnswer", outcome: .unknown)

    /// A batch left keys unanswered each time.
    static let unprocessed = DynamoError(
        SessionStoreError(
            .throttled, "DynamoDB left some of the items of a batch unread, again and again: try again later, or raise the table's capacity"
        ),
        code: "unprocessedKeys", outcome: .refused)

    /// A read's time was over before it was sent.
    static let late = DynamoError.notSent(
        SessionStoreError(
            .deadlineExceeded, "DynamoDB did not answer in time: try again; if it lasts, check the network between here and the endpoint"))

    /// More reads wait than may.
    static let crowded = DynamoError.notSent(
        SessionStoreError(.overloaded, "this process has too many calls to DynamoDB in flight: try again with fewer at a time"))

    /// The task that read was cancelled.
    static let cancelled = DynamoError.notSent(SessionStoreError(.cancelled, "the call was cancelled before DynamoDB answered"))
}

extension DynamoError: CustomStringConvertible {
    /// Code, sentence, attempts and request id; never what the service said.
    package var description: String {
        var text = "\(self.code)\(self.status == 0 ? "" : " (HTTP \(self.status))"): \(self.message); retry: \(self.advice.rawValue)"
        if self.attempts > 0 { text += "; attempts: \(self.attempts)" }
        if let requestID { text += "; request: \(requestID)" }
        return text
    }
}
