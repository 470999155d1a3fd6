internal import CoreMetrics
internal import Locked

/// The metrics of a `BedrockAdapter`, their names and labels: here and nowhere else. No label comes from an event.
struct AdapterMetrics: Sendable {
    /// Events of action groups, by the `status` of their answers.
    static let answers = "bedrock_sessions.adapter.answers"
    /// How long they took.
    static let duration = "bedrock_sessions.adapter.duration"

    private let factory = MetricsSystem.factory
    /// By the word of the status, made when it first occurs.
    private let counters = Locked<[String: Counter]>([:])
    private let timer = Timer(label: Self.duration)

    private func counter(_ word: String) -> Counter {
        self.counters.withLock { counters in
            if let counter = counters[word] { return counter }
            let counter = Counter(label: Self.answers, dimensions: [("status", word)], factory: self.factory)
            counters[word] = counter
            return counter
        }
    }

    /// An answer leaves. A status is one of the words of `ActionAnswer.Status`.
    func answered(_ status: ActionAnswer.Status, after duration: Duration) {
        self.counter(status.word).increment()
        let (seconds, attoseconds) = duration.components
        self.timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
