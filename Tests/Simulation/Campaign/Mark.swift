/// Rare branches. A campaign that never reaches one of them has shown nothing about it, and fails.
package enum Mark: Int, CaseIterable, Sendable {
    // What the scripts decided.
    case filled, refusedFill, refusedLease, leaseOverBadBytes, leaseExpired
    case refreshed, refusedRefresh
    case joinedIntent, renewedIntent, prunedIntent, expiredIntent, withdrawnIntent
    case storedPublish, publishLeftToOthers, supersededPublish, markedPublish, publishWithoutIntent, publishRemovedEntry, publishOnNothing
    case outOfMemory, wrongType
    // What was told late.
    case replayRemoved, replayRaised, replayFoundNewer, replayOnNothing, replayFailed
    // What shared loads did.
    case joinedFlight, batchedLoad, lateLoad, renewed
    // What was left alone.
    case cacheBreakerOpened, cacheBreakerHalfOpened, cacheBreakerClosed, tableBreakerOpened, tableBreakerHalfOpened, tableBreakerClosed
    case refusedWrite
    // What the table decided.
    case lostRace, collision, claimed, refusedOwner, createdAgain, sweptItem
    case unknownOutcomeReadBack, sentAgain, lateAttempt, lateAttemptRefused, outcomeUnknown
    // What callers were told.
    case cacheHit, absentHit, tombstoneHit, staleServed, otherEpoch, pendingWrite, readFailed, writeFailed, cancelledRead, cancelledWrite
    // What befell the system.
    case evictedEntry, evictedLease, evictedIntent, flushed, failedOver, failedOverUnseen, restoredEntry
    case killedProcess, killedWriter, frozenProcess, steppedClock, redisDown, tableDown
    case exposedWrite, exposedAndPending
    // What near caches did.
    case nearHit, nearInvalidation, nearFlushed, nearTrackingLost, nearTrackingBack
}

/// How often each was reached.
package struct Marks: Sendable {
    private var counts = [Int](repeating: 0, count: Mark.allCases.count)

    /// None reached.
    package init() {}

    /// How often that one was reached.
    package subscript(_ mark: Mark) -> Int {
        get { self.counts[mark.rawValue] }
        set { self.counts[mark.rawValue] = newValue }
    }

    /// Adds another run's.
    package mutating func add(_ other: Marks) {
        for index in self.counts.indices { self.counts[index] += other.counts[index] }
    }

    /// Those that were never reached.
    package var missing: [Mark] { Mark.allCases.filter { self[$0] == 0 } }
}
