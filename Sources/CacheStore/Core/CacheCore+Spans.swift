package import SessionStore
internal import Spans

/// What a cache does, as spans. None of this runs without a tracer.
extension CacheCore {
    /// Reads one session.
    @inline(never)
    func read(_ read: SessionRead, recordedBy spans: SpanRecorder) async throws(SessionStoreError) -> Session? {
        try await spans.record(.read, kindOfFailure: \.code.label) { (span) async throws(SessionStoreError) in
            let found = try await self.readWithOutcome(read)
            span.set(.readOutcome, found.outcome.label)
            return found.session
        }
    }

    private func readWithOutcome(
        _ read: SessionRead
    ) async throws(SessionStoreError) -> (session: Session?, outcome: ReadMachine.Outcome) {
        guard let near = self.near else { return try await self.readTiers(read) }
        if let session = try self.nearSession(read, near) { return (session, .near) }
        return try await self.readPast(near, read)
    }

    /// Reads many.
    package func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        guard let spans = self.spans else { return try await self.readMany(keys, as: caller, consistency) }
        return try await spans.record(.readBatch, kindOfFailure: \.code.label) { (span) async throws(SessionStoreError) in
            span.set(.batchSize, keys.count)
            return try await self.readMany(keys, as: caller, consistency)
        }
    }

    /// Changes one session, in the store behind or by another way to the same source of truth.
    package func write(_ write: SessionWrite, through base: any SessionStore) async throws(SessionStoreError) -> WriteResult {
        guard let spans = self.spans else { return try await self.change(write, through: base) }
        return try await spans.record(.write, kindOfFailure: \.code.label) { (span) async throws(SessionStoreError) in
            span.set(.writeChange, write.change.label)
            let result = try await self.change(write, through: base)
            span.set(.writeState, "\(result.cache)")
            return result
        }
    }

    /// One flight.
    func fly(_ legs: [FlightLeg]) async {
        guard let spans = self.spans else { return await self.fly(legs, nil) }
        await spans.record(.load) { span in
            if let leg = legs.first, legs.count == 1 { span.set(.loadPlan, leg.plan.label) } else { span.set(.batchSize, legs.count) }
            await self.fly(legs, span)
        }
    }
}

extension SessionWrite.Change {
    /// Its name in spans.
    fileprivate var label: String {
        switch self {
        case .update: "update"
        case .replace: "replace"
        case .touch: "touch"
        case .delete: "delete"
        }
    }
}

extension LoadPlan {
    /// Its name in spans.
    fileprivate var label: String {
        switch self {
        case .fill: "fill"
        case .bypass: "bypass"
        case .recheck: "recheck"
        }
    }
}
