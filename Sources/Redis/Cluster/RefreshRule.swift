/// When the map of a cluster is asked for again: one question at a time for all who found it wrong, and not too often.
struct RefreshRule {
    /// The least time between two questions: a node that is away makes every command for it ask.
    let interval: Duration
    private var isAsking = false
    private var notBefore: Duration?

    init(interval: Duration) {
        self.interval = interval
    }

    /// Somebody found the map wrong. Answers whether to ask now.
    mutating func wanted(now: Duration) -> Bool {
        if self.isAsking { return false }
        if let notBefore, now < notBefore { return false }
        self.isAsking = true
        self.notBefore = now + self.interval
        return true
    }

    /// The question was answered, or nobody is left to ask.
    mutating func ended() {
        self.isAsking = false
    }
}
