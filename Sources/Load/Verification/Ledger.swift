/// What is known of one session of a load: by what was acknowledged before it, an answer is right or wrong. Pure, and of fixed size: it lies in memory that processes share.
package struct Ledger: Hashable, Sendable {
    /// The highest version of an acknowledged write of content; 0: none.
    private(set) var live: Int64 = 0
    /// The number of that write.
    private(set) var number: UInt64 = 0
    /// The highest version of an acknowledged deletion; 0: none.
    private(set) var dead: Int64 = 0
    /// Deletions that have begun, and those of them under way.
    private(set) var deletesBegun: UInt32 = 0
    private(set) var deletesOpen: UInt32 = 0
    /// Deletions that were acknowledged without a version. A write that began after the last of them makes up for it.
    private(set) var blindDeletes: UInt32 = 0
    private(set) var blindDeletesPast: UInt32 = 0
    /// A deletion has failed and may have been made, or may still be: from then on it is right that there is no session.
    private(set) var mayBeGone = false
    /// Until when, in milliseconds of the shared clock, an older version is allowed: a write was acknowledged that the cache could not be told of.
    private(set) var olderUntil = Int64.min

    package init() {}

    /// What an operation saw of the ledger when it began.
    package struct Glance: Hashable, Sendable {
        /// Nothing older may be answered.
        var floor: Int64
        /// Whether "no session" is right.
        var mayBeAbsent: Bool
        var deletesBegun: UInt32
        var blindDeletes: UInt32
    }

    /// Why an answer is wrong.
    package enum Fault: String, Hashable, Sendable, CaseIterable {
        /// An older version than one acknowledged before the read began.
        case stale
        /// "No session", and nobody had deleted it.
        case lost
        /// Another session's content.
        case foreign
        /// What nobody has written.
        case forged
        /// An acknowledged version with the content of another.
        case mixed
        /// A write was given a version that is not above all that was acknowledged before it began.
        case order
    }

    /// What an answer is worth.
    package enum Verdict: Hashable, Sendable {
        case right
        /// Older than what was acknowledged, as it may be for a time after a write that the cache could not be told of.
        case older
        case wrong(Fault)
    }

    /// An operation begins.
    package mutating func begin(isDelete: Bool = false) -> Glance {
        if isDelete {
            self.deletesBegun &+= 1
            self.deletesOpen &+= 1
        }
        let others = self.deletesOpen - (isDelete ? 1 : 0)
        let mayBeAbsent =
            self.live == 0 || self.dead > self.live || others > 0 || self.mayBeGone || self.blindDeletes != self.blindDeletesPast
        return Glance(
            floor: max(self.live, self.dead), mayBeAbsent: mayBeAbsent, deletesBegun: self.deletesBegun, blindDeletes: self.blindDeletes)
    }

    /// A read that began with this glance has ended with a session of that version and content.
    package func judge(_ glance: Glance, version: Int64?, content: LoadContent?, session: Int, now: Int64) -> Verdict {
        guard let content else { return .wrong(.forged) }
        guard content.session == session else { return .wrong(.foreign) }
        guard let version else { return .right }
        if version < glance.floor { return now <= self.olderUntil ? .older : .wrong(.stale) }
        return version == self.live && content.number != self.number ? .wrong(.mixed) : .right
    }

    /// A read or deletion that began with this glance has found no session.
    package func judgeAbsence(_ glance: Glance, now: Int64, isDelete: Bool = false) -> Verdict {
        let begunSince = self.deletesBegun &- glance.deletesBegun
        if glance.mayBeAbsent || begunSince > 0 { return .right }
        return now <= self.olderUntil && !isDelete ? .older : .wrong(.lost)
    }

    /// A write has been acknowledged. `olderUntil`: the cache was not told.
    package mutating func wrote(_ glance: Glance, version: Int64?, number: UInt64, olderUntil: Int64?) -> Verdict {
        self.allowOlder(until: olderUntil)
        guard let version else { return .right }
        if version > self.live { (self.live, self.number) = (version, number) }
        if glance.blindDeletes == self.blindDeletes { self.blindDeletesPast = self.blindDeletes }
        return version > glance.floor ? .right : .wrong(.order)
    }

    /// A deletion has been acknowledged, with its version if it told one. Of one whose answer was lost that may be another's.
    package mutating func deleted(version: Int64?, olderUntil: Int64?) {
        self.deletesOpen -= 1
        self.allowOlder(until: olderUntil)
        guard let version else {
            self.blindDeletes &+= 1
            return
        }
        self.dead = max(self.dead, version)
    }

    /// A deletion has found nothing to delete.
    package mutating func foundNothingToDelete() {
        self.deletesOpen -= 1
    }

    /// A deletion has failed. `mayBeDone`: nobody knows whether it was made.
    package mutating func failedToDelete(mayBeDone: Bool) {
        self.deletesOpen -= 1
        if mayBeDone { self.mayBeGone = true }
    }

    private mutating func allowOlder(until: Int64?) {
        if let until { self.olderUntil = max(self.olderUntil, until) }
    }
}
