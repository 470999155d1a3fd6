import Locked
import SessionStore
import TestSupport

/// A store in memory that counts what reaches it, holds calls at gates, and fails on demand.
final class WatchedStore: SessionStore {
    let memory: MemoryStore

    private struct State {
        var reads = 0
        var batches: [[SessionKey]] = []
        var readOutage: SessionStoreError?
        var answer: Session?
        var writes: [SessionWrite] = []
        var readGate: Gate?
        var writeGate: Gate?
        var afterWriteGate: Gate?
        var readFailures: [SessionStoreError] = []
        var writeFailures: [SessionStoreError] = []
        var attemptsPerWrite = 1
    }

    private let state = Locked(State())

    init(timeToLive: Duration = .seconds(3600), clock: any SessionClock) {
        self.memory = MemoryStore(timeToLive: timeToLive, clock: clock)
    }

    /// Reads that came here.
    var reads: Int { self.state.withLock { $0.reads } }
    /// The keys of each batch that came here.
    var batches: [[SessionKey]] { self.state.withLock { $0.batches } }
    /// Writes that came here.
    var writes: [SessionWrite] { self.state.withLock { $0.writes } }

    /// Holds reads at a new gate before they answer.
    func holdReads() -> Gate { self.hold(\.readGate) }
    /// Holds reads no longer: those that come from now on.
    func passReads() { self.state.withLock { $0.readGate = nil } }
    /// Holds writes at a new gate before they write.
    func holdWrites() -> Gate { self.hold(\.writeGate) }
    /// Holds writes at a new gate when they have written.
    func holdAnswersToWrites() -> Gate { self.hold(\.afterWriteGate) }
    /// Holds writes that have written no longer.
    func passAnswersToWrites() { self.state.withLock { $0.afterWriteGate = nil } }
    /// The next reads fail with these.
    func failReads(_ errors: SessionStoreError...) { self.state.withLock { $0.readFailures += errors } }
    /// All reads fail with this, until it is nil.
    func fail(reads error: SessionStoreError?) { self.state.withLock { $0.readOutage = error } }
    /// All single reads answer this, as if another program had put it into the table.
    func answer(with session: Session?) { self.state.withLock { $0.answer = session } }
    /// The next writes fail with these, and write nothing.
    func failWrites(_ errors: SessionStoreError...) { self.state.withLock { $0.writeFailures += errors } }
    /// Each write announces that many attempts.
    func attemptsPerWrite(_ count: Int) { self.state.withLock { $0.attemptsPerWrite = count } }

    private func hold(_ place: WritableKeyPath<State, Gate?>) -> Gate {
        let gate = Gate()
        self.state.withLock { $0[keyPath: place] = gate }
        return gate
    }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let (gate, failure) = self.state.withLock { state in
            state.reads += 1
            return (state.readGate, state.readFailures.isEmpty ? state.readOutage : state.readFailures.removeFirst())
        }
        if let gate {
            // What the table answers is decided before the answer is held up, as on a slow network.
            let answer = try await self.memory.read(read)
            await gate.pass()
            if let failure { throw failure }
            return answer
        }
        if let failure { throw failure }
        if let answer = self.state.withLock({ $0.answer }) { return answer }
        return try await self.memory.read(read)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        let (gate, failure) = self.state.withLock { state in
            state.reads += 1
            state.batches.append(keys)
            return (state.readGate, state.readFailures.isEmpty ? state.readOutage : state.readFailures.removeFirst())
        }
        let answers = try await self.memory.read(batch: keys, as: caller, consistency: consistency)
        await gate?.pass()
        if let failure { throw failure }
        return answers
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        // Not what it is to call: that holds the cache, which holds this store.
        var noted = write
        noted.beforeAttempt = nil
        let (gate, after, failure, attempts) = self.state.withLock { [noted] state in
            state.writes.append(noted)
            let failure = state.writeFailures.isEmpty ? nil : state.writeFailures.removeFirst()
            return (state.writeGate, state.afterWriteGate, failure, state.attemptsPerWrite)
        }
        for _ in 1..<attempts { try await write.beforeAttempt?() }
        await gate?.pass()
        if let failure { throw failure }
        let result = try await self.memory.write(write)
        await after?.pass()
        return result
    }
}

extension SessionStoreError {
    /// The table is down.
    static let outage = SessionStoreError(.unavailable, "the table is down for this test")
}
