package import AWS
package import SessionStore

/// Why an operation of DynamoDB has no usable answer: its code, request id and attempts for logs and support cases, and what to do.
///
/// A `DynamoStore` throws `SessionStoreError`; this is its `cause` wherever a request to the table failed, behind a cache too.
///
/// ```swift
/// } catch {
///     if let table = error.cause as? DynamoError { logger.error("\(table.code), request \(table.requestID ?? "-")") }
/// }
/// ```
public struct DynamoError: Error, Hashable, Sendable {
    /// The service's code (`ProvisionedThroughputExceededException`), or the kind of failure where no service spoke (`connection`): from a bounded set
    /// as far as this program knows the service.
    public var code: String
    /// The HTTP status, 0 where there was no answer.
    public var status = 0
    /// The service's name for the request, for a support case.
    public var requestID: String?
    /// How often the request was sent, or tried to be sent.
    public var attempts = 0
    /// What the service said. It may quote keys and values: not for logs, and neither in `description` nor in what `dump` prints.
    public var serviceMessage = ""
    /// Whether the request may have been executed.
    package var outcome: AWSError.Outcome
    /// For the store's caller, without this error as its cause.
    private let reason: SessionStoreError

    /// What the caller may do with the same request.
    public enum RetryAdvice: String, Hashable, Sendable {
        /// The answer would be the same: something else has to change first.
        case no
        /// Later; the request was not executed.
        case later
        /// Read first: the request may have been executed.
        case readFirst
    }

    /// An error with these parts.
    package init(_ storeError: SessionStoreError, code: String, outcome: AWSError.Outcome) {
        self.reason = storeError
        self.code = code
        self.outcome = outcome
    }

    /// What happened and what to do about it, in a sentence without ids and values.
    public var message: String { self.reason.message }

    /// What the caller may do with the same request. The attempts that are worth making at once were made.
    public var advice: RetryAdvice {
        switch self.outcome {
        case .unknown: .readFirst
        case .refused: self.reason.isTransient ? .later : .no
        }
    }

    /// For the store's caller: what happened and what to do about it.
    package var storeError: SessionStoreError {
        var error = self.reason
        error.cause = self
        return error
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

extension DynamoError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Code, sentence, attempts and request id; never what the service said.
    public var description: String {
        var text = "\(self.code)\(self.status == 0 ? "" : " (HTTP \(self.status))"): \(self.message); retry: \(self.advice.rawValue)"
        if self.attempts > 0 { text += "; attempts: \(self.attempts)" }
        if let requestID { text += "; request: \(requestID)" }
        return text
    }

    /// As `description`.
    public var debugDescription: String { self.description }

    /// Without children: what the service said may quote values.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
