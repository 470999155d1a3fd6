/// Why the runtime loop ended, or could not start.
public struct LambdaRuntimeError: Error, Hashable, Sendable {
    /// The kind of error.
    public var code: Code
    /// One sentence that says what to do.
    public var message: String
    /// What a layer below said.
    public var underlying: String?

    /// The kinds of error.
    public struct Code: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case misconfigured, unreachable, refused, loop
        }

        private let kind: Kind

        /// The environment does not say where the runtime API is.
        public static let misconfigured = Code(kind: .misconfigured)
        /// The runtime API did not answer, several times in a row.
        public static let unreachable = Code(kind: .unreachable)
        /// The runtime API answered, but not with an invocation.
        public static let refused = Code(kind: .refused)
        /// The loop this runs on could not start, or was shut down.
        public static let loop = Code(kind: .loop)

        /// A name for metrics, from a bounded set.
        public var label: String { self.kind.rawValue }
    }

    /// An error with these parts.
    public init(_ code: Code, _ message: String, underlying: String? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }
}

extension LambdaRuntimeError: CustomStringConvertible {
    /// The code, the sentence and what lies below it.
    public var description: String {
        "\(self.code.label): \(self.message)" + (self.underlying.map { " (\($0))" } ?? "")
    }
}
