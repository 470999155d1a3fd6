import Load
import Locked

/// Takes a load from its beginning to its end, and tells a person how it goes.
struct LoadConductor: Sendable {
    let plan: LoadPlan
    let workers: Int
    let cleans: Bool

    /// The load's result. Ctrl-C ends it in order: what came until then is the result.
    func conduct(_ force: some LoadForce) async throws -> LoadResult {
        let result = Locked(LoadResult(self.plan, workers: self.workers))
        let interruption = Interruption(await Interruption.signals()) { force.stop() }
        do {
            let span = try await self.phases(force, result, interruption)
            await interruption.end()
            await force.end()
            return result.withLock { result in
                result.finish()
                (result.duration, result.processorTime) = (span.duration, span.processorTime)
                result.isInterrupted = interruption.hasHappened
                return result
            }
        } catch {
            await interruption.end()
            await force.end()
            throw error
        }
    }

    private func phases(
        _ force: some LoadForce, _ result: Locked<LoadResult>, _ interruption: Interruption
    ) async throws -> LoadRun.Span {
        if self.plan.fills {
            try await self.walk("fill", result) { tell in try await force.fill(tell) }
            try self.checkFilled(result.withLock { $0.before })
        }
        var span = LoadRun.Span(duration: .zero, processorTime: .zero)
        if !interruption.hasHappened {
            let line = LoadLine(self.plan)
            span = try await force.run { news in
                result.withLock { $0.take(news) }
                line.show(result)
            }
            line.finish(result)
        }
        if self.cleans {
            try await self.walk("clean", result) { tell in try await force.clean(tell) }
        }
        return span
    }

    /// Without any session there is nothing to load.
    private func checkFilled(_ interval: Interval) throws(CommandFailure) {
        guard interval.failures > 0 else { return }
        let sentence = interval.sentences.values.sorted().first ?? ""
        if interval.failures >= self.plan.sessions { throw .failed("no session could be written: \(sentence)") }
        Console.complain("warning: \(interval.failures) sessions could not be written: \(sentence)")
    }

    /// Goes over all sessions, with a progress bar.
    private func walk(
        _ title: String, _ result: Locked<LoadResult>, _ body: (@escaping @Sendable (LoadRun.News) -> Void) async throws -> Void
    ) async throws {
        let progress = Progress(title, total: self.plan.sessions)
        try await body { news in
            if case .filled(let count) = news { progress.advance(by: count) }
            result.withLock { $0.take(news) }
        }
        progress.finish()
    }
}

extension LoadResult {
    fileprivate mutating func take(_ news: LoadRun.News) {
        switch news {
        case .filled: break
        case .second(let second, let interval): self.add(interval, second: second)
        case .before(let interval): self.addBefore(interval)
        }
    }
}
