internal import SessionStore

/// An entry that had to be checked, and a table that did not answer: the one exception from what a read may return, always labelled.
extension ReadMachine {
    /// The check has failed with this error. The header and the age of the entry that may answer instead; nil: the error stands.
    ///
    /// A live entry only: a `nil` could not be labelled. One of another server too: its age says how long nobody has asked the table, and that is what
    /// the label tells. None that has ended, and none from the future: its age is not known.
    func checkFailed(_ error: SessionStoreError, seen state: CachedState, now: Timestamp) -> (header: EntryHeader, age: Duration)? {
        guard TableVerdict(error).allowsStaleAnswers, case .entry(let header) = state else { return nil }
        switch header.kind {
        case .absent, .tombstone: return nil
        case .live: break
        }
        if let end = header.end, end <= now { return nil }
        let age = now - header.cachedAt
        guard age >= .zero - self.policy.clockTolerance else { return nil }
        return (header, max(age, .zero))
    }

    /// The payload of that entry was decoded; nil: it is bad. Nil again: the error stands.
    func staleSessionOpened(_ session: Session?) -> Action? {
        guard let session else { return nil }
        guard session.admits(self.caller) else { return .refuse }
        return .answer(.recheck)
    }
}
