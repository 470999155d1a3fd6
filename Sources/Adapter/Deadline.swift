import SessionStore

/// Ends work at its time.
struct Deadline {
    let clock: any SessionClock

    /// What `work` answers. At the limit the work is cancelled; what it then answers counts, since it alone knows what became of a write.
    func race(_ limit: Duration, _ work: @escaping @Sendable () async -> ActionAnswer) async -> ActionAnswer {
        await withTaskGroup(of: ActionAnswer?.self) { group in
            group.addTask { await work() }
            group.addTask {
                try? await self.clock.sleep(for: max(limit, .zero))
                return nil
            }
            // The first to finish ends the other. If that was the timer, the work answers next.
            var answer: ActionAnswer?
            for await finished in group where answer == nil {
                answer = finished
                group.cancelAll()
            }
            return answer ?? ActionAnswer(.unavailable, "There was no time to finish.")
        }
    }
}
