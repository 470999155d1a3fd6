/// One sentence of the contract, and the calls that show whether a store keeps it.
public struct ContractCheck: Sendable, CustomStringConvertible {
    /// The sentence.
    public let sentence: String
    /// Whether time has to be moved for it.
    public let needsAdvance: Bool
    private let body: @Sendable (ContractRun) async throws -> Void

    init(_ sentence: String, needsAdvance: Bool = false, _ body: @escaping @Sendable (ContractRun) async throws -> Void) {
        self.sentence = sentence
        self.needsAdvance = needsAdvance
        self.body = body
    }

    /// The sentence.
    public var description: String { self.sentence }

    /// Holds a store to this sentence. The keys it uses are new each time; what it writes stays there until it expires.
    ///
    /// Returns false when it had to be left out. Throws a `ContractViolation` with all that was found.
    @discardableResult
    public func run(on subject: ContractSubject) async throws(ContractViolation) -> Bool {
        if self.needsAdvance && subject.advance == nil { return false }
        let run = ContractRun(subject, check: self.sentence)
        do {
            try await self.body(run)
        } catch {
            run.report("threw \(error)", at: "")
        }
        let findings = run.findings
        guard findings.isEmpty else { throw ContractViolation(findings: findings) }
        return true
    }
}

/// What every `SessionStore` promises, as calls on a store and what has to come of them.
///
/// ```swift
/// @Test("my store keeps the contract", arguments: SessionStoreContract.checks)
/// func contract(check: ContractCheck) async throws {
///     let clock = ManualClock()
///     try await check.run(on: ContractSubject(MyStore(clock: clock), clock: clock))
/// }
/// ```
public enum SessionStoreContract {
    /// Every sentence of the contract.
    public static let checks: [ContractCheck] =
        Self.values + Self.writes + Self.ownership + Self.claims + Self.deletion + Self.expiry + Self.races + Self.refusals

    /// Holds a store to the whole contract, with a subject of its own for each sentence. Throws a `ContractViolation` with all that was found.
    @discardableResult
    public static func run(
        on makeSubject: () async throws -> ContractSubject
    ) async throws -> ContractReport {
        var report = ContractReport()
        var findings: [ContractViolation.Finding] = []
        for check in Self.checks {
            let subject = try await makeSubject()
            do throws(ContractViolation) {
                if try await check.run(on: subject) {
                    report.kept.append(check.sentence)
                } else {
                    report.leftOut.append(check.sentence)
                }
            } catch {
                findings += error.findings
            }
        }
        guard findings.isEmpty else { throw ContractViolation(findings: findings) }
        return report
    }
}
