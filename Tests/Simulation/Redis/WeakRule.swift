/// The simplifications of the protocol that DESIGN section 3 names: each looks harmless, each answers with what was overwritten. Built for the
/// simulation alone, which has to catch every one of them.
package enum WeakRule: String, CaseIterable, Sendable {
    /// Any reader that saw nothing may fill.
    case fillWithoutLease = "no-lease"
    /// A later intent replaces an earlier one.
    case oneIntent = "one-intent"
    /// A publish compares versions, there are no intents.
    case versionsOnly = "no-intent"
    /// A publish always stores.
    case lastPublishWins = "last-publish-wins"
    /// A read joins whatever flight is in the air.
    case joinAnyFlight = "join-any-flight"
    /// A refresh stores what it read over any entry.
    case blindRefresh = "blind-refresh"
    /// A publish leaves a negative entry alone.
    case keepAbsent = "keep-absent"
    /// An overdue writer is pruned without a mark.
    case unmarkedPruning = "unmarked-pruning"
    /// A near cache keeps what was read while the key changed.
    case keepOvertaken = "keep-overtaken"
}
