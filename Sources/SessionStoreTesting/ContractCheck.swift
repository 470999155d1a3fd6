/// One sentence of the contract, and the calls that show whether a store keeps it.
public struct ContractCheck: Sendable, CustomStringConvertible {
    /// The sentence.
    public let sentence: String
    /// Whether time has to be moved for it.
    public let needsAdvance: Bool
    /// Whether the source of truth has to be taken away for it.
    public let needsOutage: Bool
    private let body: @Sendable (ContractRun) async throws -> Void

    init(
        _ sentence: String, needsAdvance: Bool = false, needsOutage: Bool = false,
        _ body: @escaping @Sendable (ContractRun) async throws -> Void
    ) {
        self.sentence = sentence
        self.needsAdvance = needsAdvance
        self.needsOutage = needsOutage
        self.body = body
    }

    /// The sentence.
    public var description: String { self.sentence }

    /// Holds a store to this sentence. The keys it uses are new each time; what it writes stays there until it expires.
    ///
    /// Returns false when it had to be left out. Throws a `ContractViolation` with all that was found.
    @discardableResult
    public func run(on subject: ContractSubject) async throws(ContractViolation) -> Bool {
        if self.needsAdvance && subject.advance == nil || self.needsOutage && subject.outage == nil { return false }
        let run = ContractRun(subject, check: self.sentence)
        do {
            try await self.body(run)
        } catch {
            run.report("threw \(error)", at: "")
        }
        if self.needsOutage { await run.endOutage() }
        let findings = run.findings
        guard findings.isEmpty else { throw ContractViolation(findings: findings) }
        return true
    }
}
