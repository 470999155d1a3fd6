import SessionStore

/// Ends work at its time.
struct Deadline {
    let clock: any SessionClock

    /// What `work` answers. At the limit the work is cancelled; what it then answers counts, since it alone knows what became of a write. `late` is
    /// answered where there is nothing else.
    func race<Answer: Sendable>(
        _ limit: Duration, late: Answer, _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await work() }
            group.addTask {
                try? await self.clock.sleep(for: max(limit, .zero))
                return nil
            }
            // The first to finish ends the other. If that was the timer, the work answers next.
            var answer: Answer?
            for await finished in group where answer == nil {
                answer = finished
                group.cancelAll()
            }
            return answer ?? late
        }
    }
}
