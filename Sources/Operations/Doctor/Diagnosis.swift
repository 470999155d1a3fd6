/// What one check came to. Made by pure functions of evidence; who gathers that is `Doctor`.
package struct Diagnosis: Hashable, Sendable {
    /// How it ended.
    package enum Verdict: String, Hashable, Sendable {
        /// As it should be.
        case pass
        /// It works, and something is worth knowing or changing.
        case warning
        /// It does not work, or not safely.
        case failure
        /// It could not be found out. That is not a pass.
        case unknown
    }

    /// What was looked at.
    package var check: Check
    /// How it ended.
    package var verdict: Verdict
    /// What was seen, in a sentence without secrets, session ids and values.
    package var evidence: String
    /// The command, or the step, that repairs it; nil where nothing is to be done.
    package var fix: String?

    /// A diagnosis of these parts.
    package init(_ check: Check, _ verdict: Verdict, _ evidence: String, fix: String? = nil) {
        self.check = check
        self.verdict = verdict
        self.evidence = evidence
        self.fix = fix
    }
}

/// What was learned of one thing.
package enum Evidence<Value: Sendable>: Sendable {
    /// This.
    case known(Value)
    /// Nothing: who asks has not this right.
    case refused(right: String)
    /// Nothing: it failed, as this sentence says.
    case failed(String)
}

extension Evidence {
    /// The diagnosis of what was learned; where nothing was, that is said, and is no pass.
    func diagnosis(_ check: Check, _ judge: (Value) -> Diagnosis) -> Diagnosis {
        switch self {
        case .known(let value): judge(value)
        case .refused(let right):
            Diagnosis(check, .unknown, "not checked: these credentials lack \(right)", fix: "allow \(right) to who runs doctor")
        case .failed(let sentence): Diagnosis(check, .unknown, "not checked: \(sentence)")
        }
    }
}
