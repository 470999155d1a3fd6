import CoreMetrics
import Locked
import SessionStore

extension ItemReader {
    /// GetItem, and a second one where that is wanted and the first is slow (`HedgeBudget`).
    func ask(_ key: SessionKey, _ deadline: Duration) async throws(DynamoError) -> StoredItem? {
        guard self.configuration.hedgesReads else { return try await self.get(key, deadline) }
        let began = self.clock.uptime
        let patience = self.hedging.withLock { $0.readBegan() }
        let item: StoredItem?
        if let patience, patience < deadline {
            item = try await self.hedged(key, deadline, patience).get()
        } else {
            item = try await self.get(key, deadline)
        }
        let time = self.clock.uptime - began
        self.hedging.withLock { $0.answered(after: time) }
        return item
    }

    private func get(_ key: SessionKey, _ deadline: Duration) async throws(DynamoError) -> StoredItem? {
        try await self.client.getItem(table: self.configuration.table, key: key, deadline: deadline)
    }

    private func result(_ key: SessionKey, _ deadline: Duration) async -> Answer {
        do throws(DynamoError) {
            return .success(try await self.get(key, deadline))
        } catch {
            return .failure(error)
        }
    }

    /// Asks, and asks again if there is no answer after `patience`; the first answer counts, an error only if nothing else is to be had.
    private func hedged(_ key: SessionKey, _ deadline: Duration, _ patience: Duration) async -> Answer {
        let hasSecond = Locked(false)
        return await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await self.result(key, deadline) }
            group.addTask {
                do { try await self.clock.sleep(for: patience) } catch { return nil }
                guard !Task.isCancelled, self.hedging.withLock({ $0.mayHedge() }) else { return nil }
                hasSecond.withLock { $0 = true }
                self.client.metrics.hedge.increment()
                return await self.result(key, deadline - patience)
            }
            defer { group.cancelAll() }
            var failure: Answer?
            while let next = await group.next() {
                guard let answer = next else { continue }
                if case .success = answer { return answer }
                failure = failure ?? answer
                // An error is no slowness: there is nothing to send a second request for.
                if !hasSecond.withLock({ $0 }) { group.cancelAll() }
            }
            return failure ?? .failure(.cancelled)
        }
    }
}
