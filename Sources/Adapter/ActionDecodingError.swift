/// Why bytes are no event of an action group. Holds nothing of the event but the names an answer has to repeat.
public struct ActionDecodingError: Error, Hashable, Sendable {
    /// One sentence that says what to change.
    public let message: String
    /// How to address the answer.
    let envelope: ActionEnvelope

    init(_ message: String, envelope: ActionEnvelope = .unknown) {
        self.message = message
        self.envelope = envelope
    }
}

extension ActionDecodingError: CustomStringConvertible {
    /// The sentence.
    public var description: String { self.message }
}
