import Glibc
import Load
import Locked

/// Several processes that make a load together, and know through shared memory what the others have written.
final class LoadCrew: LoadForce {
    private let workers: [LoadProcess]
    private let fills: Bool
    /// Shared with the workers, and open as long as they work.
    private let ledgers: Ledgers

    /// Starts them: this program with the same arguments. Throws when the system refuses.
    init(_ plan: LoadPlan, workers count: Int) throws {
        self.ledgers = try Ledgers(count: plan.sessions, isShared: true)
        self.fills = plan.fills
        var workers: [LoadProcess] = []
        for number in 0..<count { workers.append(try LoadProcess("\(number)/\(count)", ledgers: self.ledgers.descriptor ?? -1)) }
        self.workers = workers
    }

    /// They fill as soon as they start.
    func fill(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws {
        _ = try await self.listen(tell)
    }

    func run(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws -> LoadRun.Span {
        if !self.fills { _ = try await self.listen(tell) }
        for worker in self.workers { worker.order("go") }
        let spans = try await self.listen(tell).compactMap { $0 }
        return LoadRun.Span(
            duration: spans.map(\.duration).max() ?? .zero, processorTime: spans.map(\.processorTime).reduce(.zero, +))
    }

    func clean(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws {
        for worker in self.workers { worker.order("clean") }
        _ = try await self.listen(tell)
    }

    func stop() {
        for worker in self.workers { worker.order("stop") }
    }

    func end() async {
        for worker in self.workers { await worker.end() }
    }

    /// Passes on what the workers tell until each of them has done what it was told. Throws when one of them has ended before.
    private func listen(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws -> [LoadRun.Span?] {
        try await withThrowingTaskGroup(of: LoadRun.Span?.self) { group in
            for worker in self.workers { group.addTask { try await worker.listen(tell) } }
            var spans: [LoadRun.Span?] = []
            for try await span in group { spans.append(span) }
            return spans
        }
    }
}
