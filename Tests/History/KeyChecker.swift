import SessionStore

/// Decides for one session whether its history keeps the promises.
///
/// Versions are totally ordered, so one pass does: when an operation ends, it is given the lowest place in the order of versions that it can have,
/// and nothing that began after it may have a lower one. Giving the lowest place is as good as trying all: a higher one only forbids more. For a
/// register whose order of writes is known these pairwise rules are all of linearizability.
struct KeyChecker {
    let guarantee: Rules.Guarantee
    let rules: Rules
    let operations: [Operation]
    let timeline: Timeline
    let changes: [TableChange]
    private(set) var violations: [Violation] = []

    /// The lowest places that an operation may have, by what ended before it began.
    struct Floor {
        /// The highest version acknowledged.
        var acknowledged: Int64 = 0
        /// The highest place of any operation.
        var seen: Int64 = 0
    }

    /// Where a read is in the order of versions.
    enum Place {
        case version(Int64)
        /// Nothing that the table ever said.
        case nowhere
    }

    init(guarantee: Rules.Guarantee, rules: Rules, operations: [Operation], timeline: Timeline, changes: [TableChange]) {
        self.guarantee = guarantee
        self.rules = rules
        self.operations = operations
        self.timeline = timeline
        self.changes = changes
    }

    mutating func check() -> [Violation] {
        var events: [(order: Int, index: Int, isEnd: Bool)] = []
        events.reserveCapacity(self.operations.count * 2)
        for (index, operation) in self.operations.enumerated() {
            events.append((operation.began.order, index, false))
            if let ended = operation.ended { events.append((ended.order, index, true)) }
        }
        events.sort { $0.order < $1.order }
        var floors = [Floor](repeating: Floor(), count: self.operations.count)
        var nearFloors = floors
        var floor = Floor()
        var past = PastFloors(age: self.rules.nearAge)
        for event in events {
            let operation = self.operations[event.index]
            let process = self.rules.process(operation.client)
            if event.isEnd {
                self.finish(operation, floors[event.index], nearFloors[event.index], &floor, &past, process)
            } else {
                floors[event.index] = floor
                nearFloors[event.index] = past.floor(for: process, at: operation.began.time) ?? floor
            }
        }
        self.checkChanges()
        if self.changes.isEmpty { self.checkFields() }
        return self.violations
    }

    private mutating func finish(
        _ operation: Operation, _ before: Floor, _ nearBefore: Floor, _ floor: inout Floor, _ past: inout PastFloors, _ process: Int
    ) {
        let time = operation.ended?.time ?? operation.began.time
        switch operation.outcome {
        case .open, .failed: break
        case .answered(let session):
            // Only a session can come from a near cache, and only for a read that may be answered by a cache.
            let mayBeNear = session != nil && operation.call == .read(.cached)
            if let place = self.read(session, operation, mayBeNear ? nearBefore : before) {
                floor.seen = max(floor.seen, place)
                past.raised(Floor(acknowledged: 0, seen: place), to: floor, by: process, at: time)
            }
        case .acknowledged(let result) where result.changed:
            guard let version = result.version?.rawValue else { return }
            if version <= max(before.acknowledged, before.seen), operation.change != .delete {
                self.report(.order, operation, "acknowledged version \(version) after \(max(before.acknowledged, before.seen))")
            }
            if let session = result.session { self.checkContent(session, operation) }
            floor.acknowledged = max(floor.acknowledged, version)
            floor.seen = max(floor.seen, version)
            past.raised(Floor(acknowledged: version, seen: version), to: floor, by: process, at: time)
        case .acknowledged:
            // The table itself said that there is nothing.
            _ = self.place(ofNothing: operation, from: before.acknowledged, or: before.acknowledged)
        }
    }

    mutating func report(_ rule: Violation.Rule, _ operation: Operation?, _ text: String) {
        self.violations.append(Violation(rule: rule, operation: operation?.id, text: text))
    }

    /// The place of a read's answer; nil: it has none that binds others.
    private mutating func read(_ session: Session?, _ operation: Operation, _ before: Floor) -> Int64? {
        let floor = self.guarantee == .linearizable ? max(before.seen, before.acknowledged) : before.acknowledged
        guard let session else { return self.place(ofNothing: operation, from: floor, or: before.acknowledged) }
        self.checkAnswer(session, operation)
        guard let version = session.version?.rawValue else { return nil }
        if case .stale = session.origin { return nil }
        guard version < floor else { return version }
        let wasAcknowledged = version < before.acknowledged
        let strong = operation.call == .read(.strong)
        if self.guarantee == .bounded, !strong {
            if let next = self.timeline.next(after: version), self.isOverdue(operation, next) {
                self.report(.bounded, operation, "version \(version), overtaken longer ago than the bound")
            }
        } else {
            self.report(wasAcknowledged ? .acknowledged : .linearizable, operation, "version \(version) after \(floor)")
        }
        return nil
    }

    private func isOverdue(_ operation: Operation, _ next: Timeline.Version) -> Bool {
        operation.began.time
            > next.latest.time + self.rules.revalidateAfter + self.rules.clockTolerance + (self.rules.nearAge ?? .zero)
    }
}

extension KeyChecker {
    /// The place of `nil`: the first state without a session that is not before `floor`.
    private mutating func place(ofNothing operation: Operation, from floor: Int64, or acknowledged: Int64) -> Int64? {
        guard let ended = operation.ended else { return nil }
        if floor == 0 { return 0 }
        for version in self.timeline.versions[self.timeline.index(from: floor)...] {
            if let earliest = version.earliest, earliest > ended { break }
            if self.isNothing(version, at: ended) { return version.number }
        }
        if self.mayHaveBeenDeletedUnseen(before: ended) { return nil }
        if self.guarantee == .bounded, operation.call == .read(.cached), !self.isOverdue(ofNothing: operation, before: floor) { return nil }
        let isAcknowledged = self.timeline.versions[..<self.timeline.index(from: acknowledged)].contains { self.isNothing($0, at: ended) }
        let rule: Violation.Rule = isAcknowledged ? .acknowledged : .absence
        self.report(rule, operation, "no session, though version \(floor) was there before")
        return nil
    }

    private func isNothing(_ version: Timeline.Version, at moment: Moment) -> Bool {
        guard version.data != nil else { return true }
        return version.expiration.map { $0 <= moment.time + self.rules.clockTolerance } ?? false
    }

    /// Whether the last time that there was no session is longer ago than the bound.
    private func isOverdue(ofNothing operation: Operation, before floor: Int64) -> Bool {
        let earlier = self.timeline.versions[..<self.timeline.index(from: floor)]
        let last = earlier.last { $0.data == nil || ($0.expiration.map { $0 <= operation.began.time } ?? false) }
        let overtaken = last.map { self.timeline.next(after: $0.number) } ?? self.timeline.versions.first
        return overtaken.map { self.isOverdue(operation, $0) } ?? true
    }

    /// Without the table's own account: a deletion of which nobody can say at which version it happened may be what a reader saw. Either its outcome is unknown,
    /// or its answer was lost, and it found another one's deletion when it looked, whose version it tells (`WriteResult.version`).
    private func mayHaveBeenDeletedUnseen(before moment: Moment) -> Bool {
        guard self.changes.isEmpty else { return false }
        return self.operations.contains { operation in
            guard operation.change == .delete, operation.mayHaveWritten, operation.began < moment else { return false }
            guard let version = operation.acknowledgedVersion else { return true }
            // Two writes cannot have made one version.
            return self.operations.contains { $0.id != operation.id && $0.acknowledgedVersion == version }
        }
    }
}
