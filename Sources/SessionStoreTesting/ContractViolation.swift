/// What a store did against the contract: everything that was found, not only the first.
public struct ContractViolation: Error, Hashable, CustomStringConvertible {
    /// One thing a store should not have done.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// The sentence of the contract.
        public var check: String
        /// What happened instead.
        public var message: String
        /// Where in this module it was found.
        public var location: String

        /// All of it in a line.
        public var description: String { "\(self.check): \(self.message) (\(self.location))" }
    }

    /// What was found.
    public var findings: [Finding]

    /// A line for each finding.
    public var description: String {
        self.findings.map(\.description).joined(separator: "\n")
    }
}

/// Which sentences of the contract a store was held to.
public struct ContractReport: Hashable, Sendable {
    /// Those it keeps.
    public var kept: [String] = []
    /// Those that need a clock that can be moved, or an outage, where there was none.
    public var leftOut: [String] = []
}
