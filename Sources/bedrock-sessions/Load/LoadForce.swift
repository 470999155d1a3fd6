import EventLoop
import Load

/// Who makes a load: this process, or several.
protocol LoadForce: Sendable {
    /// Writes each session once.
    func fill(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws
    /// Makes the load.
    func run(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws -> LoadRun.Span
    /// Deletes the sessions.
    func clean(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws
    /// Has filling or the load end in order.
    func stop()
    /// Releases what it holds.
    func end() async
}

/// This process.
struct LocalForce: LoadForce {
    let run: LoadRun

    func fill(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async { await self.run.fill(tell) }
    func run(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async throws -> LoadRun.Span { try await self.run.run(tell) }
    func clean(_ tell: @escaping @Sendable (LoadRun.News) -> Void) async { await self.run.clean(tell) }
    func stop() { self.run.stop() }
    func end() async {}
}
