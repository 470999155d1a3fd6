/// A promise that a history breaks.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// The promises of DESIGN section 3 that histories are held to.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// A read is not older than a write that was acknowledged before it began.
        case acknowledged
        /// A read is not older than what was acknowledged or returned to anyone before it began.
        case linearizable
        /// Where these cannot be kept, an older answer ends `revalidateAfter` after it was overtaken.
        case bounded
        /// An answer of the cache says its age truly, and is at most `revalidateAfter` old.
        case age
        /// `.stale` is said during an outage of the table only.
        case stale
        /// `nil` is what the table said.
        case absence
        /// No read answers with a session past its end.
        case expired
        /// No write continues a session past its end.
        case revived
        /// A session answers its owner only, and only its owner changes it.
        case owner
        /// Each version reads the same to everyone, as the table has it.
        case content
        /// A write keeps the fields that it does not touch.
        case field
        /// Versions grow in the order of acknowledged writes.
        case order
        /// A write happens once: what arrives late of it changes nothing.
        case once
        /// A write that failed for certain has changed nothing.
        case failure
    }

    /// Which one.
    package var rule: Rule
    /// The operation that shows it; nil: the table's account alone does.
    package var operation: Int?
    /// One sentence.
    package var text: String

    package var description: String {
        "\(self.rule.rawValue): \(self.operation.map { "operation \($0): " } ?? "")\(self.text)"
    }
}
