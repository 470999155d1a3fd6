import SessionStore

/// What a single answer says of itself: owner, end, content, age.
extension KeyChecker {
    mutating func checkAnswer(_ session: Session, _ operation: Operation) {
        if !session.admits(operation.caller) || session.key != operation.key {
            self.report(.owner, operation, "was answered with somebody else's session")
        }
        if session.isExpired(at: operation.localTime) {
            self.report(.expired, operation, "a session that ended before the read began, by the reader's own clock")
        }
        self.checkContent(session, operation)
        self.checkAge(session, operation)
    }

    mutating func checkContent(_ session: Session, _ operation: Operation) {
        guard let number = session.version?.rawValue, let ended = operation.ended else { return }
        guard let version = self.timeline[number] else {
            if self.timeline.isComplete { self.report(.content, operation, "version \(number), which the table never had") }
            return
        }
        if let earliest = version.earliest, earliest > ended {
            self.report(.content, operation, "version \(number) before it was written")
        }
        let isSame =
            version.data == session.data && version.owner == session.owner && version.expiration == session.expiration
            && version.createdAt == session.createdAt
        if !isSame { self.report(.content, operation, "version \(number) with another content than the table's") }
    }

    /// An entry was true at `now - age`. So its version cannot have been overtaken before that.
    private mutating func checkAge(_ session: Session, _ operation: Operation) {
        let age: Duration
        switch session.origin {
        case .table: return
        case .cache(let told):
            age = told
            if age > self.rules.revalidateAfter { self.report(.age, operation, "an entry beyond revalidateAfter answered unchecked") }
        case .stale(let told):
            age = told
            let ended = operation.ended?.time ?? operation.began.time
            if let outages = self.rules.outages, !outages.contains(where: { $0.overlaps(operation.began.time...ended) }) {
                self.report(.stale, operation, "a stale answer without an outage of the table")
            }
        }
        guard let number = session.version?.rawValue, let next = self.timeline.next(after: number) else { return }
        if next.latest.time + age + self.rules.clockTolerance < operation.began.time {
            self.report(.age, operation, "version \(number) is older than the \(age) that it says")
        }
    }
}
