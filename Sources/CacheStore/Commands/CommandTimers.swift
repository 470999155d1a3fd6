internal import CoreMetrics

/// How long commands take, where somebody collects that: two looks at the clock are a twentieth of a cached read.
final class CommandTimers: Sendable {
    private let get: Timer
    private let scripts: [CacheScript: Timer]

    /// Nil without a metrics system.
    init?(factory: any MetricsFactory = MetricsSystem.factory) {
        guard !(factory is NOOPMetricsHandler) else { return nil }
        let timer = { Timer(label: CacheMetrics.requestDuration, dimensions: [("command", $0)], factory: factory) }
        self.get = timer("get")
        self.scripts = Dictionary(uniqueKeysWithValues: CacheScript.allCases.map { ($0, timer("\($0)")) })
    }

    /// Times a GET.
    func get<Answer, Failure: Error>(_ body: () async throws(Failure) -> Answer) async throws(Failure) -> Answer {
        try await self.time(self.get, body)
    }

    /// Times a script.
    func run<Answer, Failure: Error>(_ script: CacheScript, _ body: () async throws(Failure) -> Answer) async throws(Failure) -> Answer {
        guard let timer = self.scripts[script] else { return try await body() }
        return try await self.time(timer, body)
    }

    private func time<Answer, Failure: Error>(_ timer: Timer, _ body: () async throws(Failure) -> Answer) async throws(Failure) -> Answer {
        let start = ContinuousClock.now
        defer {
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        }
        return try await body()
    }
}
