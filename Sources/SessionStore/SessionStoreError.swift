/// Why a store did not do what was asked.
///
/// `message` says what to do about it, and holds no id, value or secret: it may be logged and shown.
public struct SessionStoreError: Error, Sendable {
    /// The kind of error.
    public var code: Code
    /// One sentence for a person.
    public var message: String
    /// What a layer below said, without ids and values.
    public var underlying: String?
    /// The error of the layer below, for a program that wants more than a sentence: of a table in DynamoDB the `DynamoError`. It is no part of
    /// `description`, nor of what makes two errors equal.
    public var cause: (any Error)?

    /// The kinds of error.
    public struct Code: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case invalidSessionID, invalidUserID, invalidWallet, invalidValue, tooLarge, notOwner, malformedItem, conflict
            case unavailable, throttled, overloaded, deadlineExceeded, outcomeUnknown
            case tableMissing, accessDenied, misconfigured, cancelled, closed
        }

        private let kind: Kind

        /// A session id outside its alphabet or length.
        public static let invalidSessionID = Code(kind: .invalidSessionID)
        /// A user id outside its alphabet or length.
        public static let invalidUserID = Code(kind: .invalidUserID)
        /// A wallet address that is none.
        public static let invalidWallet = Code(kind: .invalidWallet)
        /// A field's name or value that the table cannot hold.
        public static let invalidValue = Code(kind: .invalidValue)
        /// More than an item can hold (400 KB).
        public static let tooLarge = Code(kind: .tooLarge)
        /// The session belongs to another user.
        public static let notOwner = Code(kind: .notOwner)
        /// The item is not one of this program's nor of its predecessors'.
        public static let malformedItem = Code(kind: .malformedItem)
        /// Other writers won each race for the item.
        public static let conflict = Code(kind: .conflict)
        /// The source of truth cannot be reached or does not work.
        public static let unavailable = Code(kind: .unavailable)
        /// The source of truth refuses for load.
        public static let throttled = Code(kind: .throttled)
        /// This process has too much in flight.
        public static let overloaded = Code(kind: .overloaded)
        /// No answer in time. For writes see `outcomeUnknown`.
        public static let deadlineExceeded = Code(kind: .deadlineExceeded)
        /// A write may or may not have been kept: read before deciding.
        public static let outcomeUnknown = Code(kind: .outcomeUnknown)
        /// There is no such table.
        public static let tableMissing = Code(kind: .tableMissing)
        /// Credentials missing, wrong or without the right.
        public static let accessDenied = Code(kind: .accessDenied)
        /// The configuration cannot work.
        public static let misconfigured = Code(kind: .misconfigured)
        /// The calling task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// The store was shut down.
        public static let closed = Code(kind: .closed)

        /// A name for metrics, from a bounded set.
        public var label: String { self.kind.rawValue }
    }

    /// An error with these parts.
    public init(_ code: Code, _ message: String, underlying: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.cause = cause
    }

    /// Whether the same call may succeed later, with nothing changed by the caller.
    public var isTransient: Bool {
        switch self.code {
        case .unavailable, .throttled, .overloaded, .deadlineExceeded, .conflict: true
        default: false
        }
    }
}

extension SessionStoreError: Hashable {
    /// Whether code, sentence and what lies below are the same.
    public static func == (one: Self, other: Self) -> Bool {
        one.code == other.code && one.message == other.message && one.underlying == other.underlying
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.code)
        hasher.combine(self.message)
        hasher.combine(self.underlying)
    }
}

extension SessionStoreError: CustomStringConvertible {
    /// The code, the sentence and what lies below it.
    public var description: String {
        "\(self.code.label): \(self.message)" + (self.underlying.map { " (\($0))" } ?? "")
    }
}
