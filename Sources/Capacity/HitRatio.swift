/// How many reads the cache answers without the table, where nobody has measured it.
///
/// An entry that has grown old costs a read of the table: in a Lambda the first read that finds it older than `revalidateAfter` checks it, elsewhere the first one that
/// finds it older than half of that renews it. So a session that is looked at rarely costs a read of the table each time. Turns come at random (Poisson), and the
/// reads of one turn together: from one look at the table to the next it takes that age, and then the wait for the next turn.
package enum HitRatio {
    /// The share of reads that the cache answers alone.
    ///
    /// - Parameters:
    ///   - turnsPerHour: Of one session.
    ///   - readsPerTurn: Of one item.
    ///   - age: In seconds, from which on a read looks at the table.
    package static func expected(turnsPerHour: Double, readsPerTurn: Double, age: Double) -> Double {
        // With less than one read in a turn, the reads are the events.
        let events = turnsPerHour / 3600 * min(readsPerTurn, 1)
        return 1 - 1 / (1 + events * age) / max(readsPerTurn, 1)
    }
}
