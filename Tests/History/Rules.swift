package import SessionStore

/// What a history is held to: the table of faults in DESIGN section 3, decided per session.
package struct Rules: Sendable {
    /// What reads of a session promise, by the faults that its key has met.
    package enum Guarantee: Int, Hashable, Sendable, Comparable, CaseIterable {
        /// An intent did not stand while its writer changed the table, and the same writer could not tell the cache: an older answer ends
        /// `revalidateAfter` after it was overtaken.
        case bounded
        /// An intent did not stand while its writer changed the table: nothing older than an acknowledged write.
        case acknowledged
        /// Nothing older than anything acknowledged or returned.
        case linearizable

        /// Orders by strength.
        package static func < (left: Guarantee, right: Guarantee) -> Bool { left.rawValue < right.rawValue }
    }

    /// What reads of a session promise unless `exceptions` says less.
    package var guarantee = Guarantee.linearizable
    /// Sessions with a weaker promise.
    package var exceptions: [SessionKey: Guarantee] = [:]
    /// The cache's `revalidateAfter`.
    package var revalidateAfter: Duration = .seconds(60)
    /// By how much two clocks may differ. It widens `bounded` and `age`, and nothing else but what an item's end is to whom.
    package var clockTolerance: Duration = .seconds(1)
    /// How long a process may go on answering with what it has read before (a near cache); nil: not at all. What the same process has seen or written counts
    /// at once.
    package var nearAge: Duration?
    /// Which process a client belongs to, where that matters.
    package var process: @Sendable (_ client: Int) -> Int = { $0 }
    /// When the table was in trouble; `.stale` is allowed in these spans. Nil: not checked.
    package var outages: [ClosedRange<Timestamp>]?

    /// The strongest rules.
    package init() {}

    package func guarantee(for key: SessionKey) -> Guarantee {
        self.exceptions[key] ?? self.guarantee
    }
}

extension History {
    /// Everything in this history that breaks a rule; empty when nothing does.
    package func violations(_ rules: Rules) -> [Violation] {
        let (operations, changes) = (self.operations, self.changes)
        var byKey: [SessionKey: (operations: [Operation], changes: [TableChange])] = [:]
        for operation in operations { byKey[operation.key, default: ([], [])].operations.append(operation) }
        for change in changes { byKey[change.key, default: ([], [])].changes.append(change) }
        return byKey.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { key, part in
            var checker = KeyChecker(
                guarantee: rules.guarantee(for: key), rules: rules, operations: part.operations,
                timeline: Timeline(part.operations, part.changes), changes: part.changes)
            return checker.check()
        }
    }
}
