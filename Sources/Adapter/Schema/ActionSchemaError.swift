/// Everything that is wrong with an action group's schema, at once. A schema is its operator's own, so names of it are said.
public struct ActionSchemaError: Error, Hashable, Sendable {
    /// One sentence for each problem, at least one: where in the document, and what is wrong there.
    public let problems: [String]

    /// These problems.
    init(_ problems: [String]) {
        self.problems = problems
    }
}

extension ActionSchemaError: CustomStringConvertible {
    /// The problems in one line.
    public var description: String { self.problems.joined(separator: "; ") }
}
