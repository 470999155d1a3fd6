/// Why the loop did not do what was asked.
public struct EventLoopError: Error, Hashable, Sendable {
    /// The kind of error.
    public var code: Code
    /// One sentence for a person.
    public var message: String

    /// The kinds of error.
    public struct Code: Hashable, Sendable {
        private enum Kind: String, Hashable {
            case shutDown, cancelled, nameNotFound, system
        }

        private let kind: Kind

        /// The loop was shut down before or while this was asked.
        public static let shutDown = Code(kind: .shutDown)
        /// The calling task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// A host name has no address.
        public static let nameNotFound = Code(kind: .nameNotFound)
        /// The operating system refused; `message` holds its words.
        public static let system = Code(kind: .system)

        /// A name for metrics, from a bounded set.
        public var label: String { self.kind.rawValue }
    }

    /// An error with these parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package static let shutDown = EventLoopError(.shutDown, "the event loop was shut down: nothing more can be started on it")
    package static let cancelled = EventLoopError(.cancelled, "the task was cancelled")
}

extension EventLoopError: CustomStringConvertible {
    /// The code and the sentence.
    public var description: String { "\(self.code.label): \(self.message)" }
}
