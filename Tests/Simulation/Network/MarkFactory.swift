internal import CoreMetrics

/// Turns counters of the shipped code into marks: branches that nothing outside can see.
final class MarkFactory: MetricsFactory, Sendable {
    private let mark: @Sendable (Mark) -> Void

    init(_ mark: @escaping @Sendable (Mark) -> Void) {
        self.mark = mark
    }

    private static let marks: [String: Mark] = [
        "bedrock_sessions.cache.loads_deduplicated": .joinedFlight,
        "bedrock_sessions.cache.loads_batched": .batchedLoad,
        "bedrock_sessions.cache.loads_late": .lateLoad,
        "bedrock_sessions.cache.refreshes": .renewed,
        "bedrock_sessions.cache.stale_answers": .staleServed,
        "bedrock_sessions.cache.writes_refused": .refusedWrite,
        "bedrock_sessions.cache.replays outcome=failed": .replayFailed,
        "bedrock_sessions.cache.breaker_changes tier=cache to=opened": .cacheBreakerOpened,
        "bedrock_sessions.cache.breaker_changes tier=cache to=halfOpened": .cacheBreakerHalfOpened,
        "bedrock_sessions.cache.breaker_changes tier=cache to=closed": .cacheBreakerClosed,
        "bedrock_sessions.cache.breaker_changes tier=table to=opened": .tableBreakerOpened,
        "bedrock_sessions.cache.breaker_changes tier=table to=halfOpened": .tableBreakerHalfOpened,
        "bedrock_sessions.cache.breaker_changes tier=table to=closed": .tableBreakerClosed,
        "bedrock_sessions.cache.reads outcome=near": .nearHit,
        "bedrock_sessions.cache.reads outcome=absent": .absentHit,
        "bedrock_sessions.cache.reads outcome=tombstone": .tombstoneHit,
    ]

    private final class Handler: CounterHandler, RecorderHandler, TimerHandler, MeterHandler, FloatingPointCounterHandler, Sendable {
        private let reached: (@Sendable () -> Void)?

        init(_ reached: (@Sendable () -> Void)?) {
            self.reached = reached
        }

        func increment(by count: Int64) { self.reached?() }
        func increment(by count: Double) {}
        func decrement(by count: Double) {}
        func reset() {}
        func record(_ value: Int64) {}
        func record(_ value: Double) {}
        func recordNanoseconds(_ duration: Int64) {}
        func set(_ value: Int64) {}
        func set(_ value: Double) {}
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let name = ([label] + dimensions.map { "\($0)=\($1)" }).joined(separator: " ")
        guard let reached = Self.marks[name] else { return Handler(nil) }
        let mark = self.mark
        return Handler({ mark(reached) })
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler { Handler(nil) }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { Handler(nil) }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler { Handler(nil) }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { Handler(nil) }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
