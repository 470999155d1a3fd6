public import SessionStore

/// What every `SessionStore` promises, as calls on a store and what has to come of them. One call holds a store to all of it:
///
/// ```swift
/// import SessionStore
/// import SessionStoreTesting
///
/// let clock = ManualClock()
/// let report = try await SessionStoreContract.run(on: MyStore(clock: clock), clock: clock)
/// print(report.kept.count, "promises kept")
/// ```
///
/// It needs no test framework: it throws a `ContractViolation` whose description has a line for each thing that was found. With Swift Testing each
/// sentence can be a test case of its own:
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
        Self.values + Self.sizes + Self.writes + Self.batches + Self.ownership + Self.claims + Self.deletion + Self.expiry + Self.races
        + Self.expectations + Self.calls + Self.cancellation + Self.refusals + Self.outages

    /// Holds a store to the whole contract, but for what needs a clock that the contract can move (see `run(on:clock:)`), or an outage (see
    /// `ContractSubject`). The keys that it uses are new each time; what it writes stays there until it expires.
    ///
    /// Throws a `ContractViolation` with all that was found.
    @discardableResult
    public static func run(on store: any SessionStore) async throws(ContractViolation) -> ContractReport {
        try await Self.run(on: ContractSubject(store))
    }

    /// Holds a store that takes its time from `clock` to the whole contract, but for what needs an outage. It lives up to `SessionLimits.timeToLive`
    /// after a write unless told otherwise.
    ///
    /// Throws a `ContractViolation` with all that was found.
    @discardableResult
    public static func run(
        on store: any SessionStore, clock: ManualClock, timeToLive: Duration = SessionLimits.timeToLive
    ) async throws(ContractViolation) -> ContractReport {
        try await Self.run(on: ContractSubject(store, timeToLive: timeToLive, clock: clock))
    }

    /// Holds a subject to the whole contract. Throws a `ContractViolation` with all that was found.
    @discardableResult
    public static func run(on subject: ContractSubject) async throws(ContractViolation) -> ContractReport {
        var run = (report: ContractReport(), findings: [ContractViolation.Finding]())
        for check in Self.checks { await Self.hold(subject, to: check, &run.report, &run.findings) }
        guard run.findings.isEmpty else { throw ContractViolation(findings: run.findings) }
        return run.report
    }

    /// Holds a store to the whole contract, with a subject of its own for each sentence. Throws a `ContractViolation` with all that was found, and what
    /// `makeSubject` throws.
    @discardableResult
    public static func run(
        on makeSubject: () async throws -> ContractSubject
    ) async throws -> ContractReport {
        var report = ContractReport()
        var findings: [ContractViolation.Finding] = []
        for check in Self.checks { await Self.hold(try await makeSubject(), to: check, &report, &findings) }
        guard findings.isEmpty else { throw ContractViolation(findings: findings) }
        return report
    }

    private static func hold(
        _ subject: ContractSubject, to check: ContractCheck, _ report: inout ContractReport, _ findings: inout [ContractViolation.Finding]
    ) async {
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
}
