internal import SessionStore

/// The table past the cache. What it answers counts for its breaker as a load's answer does: a breaker that has not heard that the table is back would have
/// entries answer as stale, right after a strong read that was answered.
extension CacheCore {
    /// One session.
    func readTable(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        do throws(SessionStoreError) {
            let session = try await self.base.read(read)
            self.tableBreaker.answered()
            return session
        } catch {
            self.noteFailedRead(error)
            throw error
        }
    }

    /// Many.
    func readTable(
        batch keys: [SessionKey], as caller: Caller
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        do throws(SessionStoreError) {
            let answers = try await self.base.read(batch: keys, as: caller, consistency: .strong)
            if answers.values.contains(where: { if case .success = $0 { true } else { false } }) { self.tableBreaker.answered() }
            return answers
        } catch {
            self.noteFailedRead(error)
            throw error
        }
    }

    private func noteFailedRead(_ error: SessionStoreError) {
        switch TableVerdict(error) {
        case .outage: self.tableBreaker.failed(now: self.clock.uptime)
        case .refusedForLoad: self.tableBreaker.answered()
        // A caller who is not admitted may have been told so before the table was asked.
        case .nothing, .answered: break
        }
    }
}
