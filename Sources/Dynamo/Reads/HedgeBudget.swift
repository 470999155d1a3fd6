/// When a second request for the same item may be sent: when the first one is slower than most were, and not for more than two in a hundred. Pure.
///
/// Source: Dean and Barroso, "The Tail at Scale" (2013), hedged requests.
struct HedgeBudget: Hashable, Sendable {
    /// Answers that are remembered.
    static let window = 256
    /// Answers until there is something to compare with.
    static let minimumSamples = 32
    /// What each read adds to the budget; a second request takes 1.
    static let share = 0.02
    /// What the budget holds at most: a quiet hour must not pay for a storm.
    static let burst = 4.0

    private var samples: [Duration] = []
    private var next = 0
    private var budget = 0.0
    private var threshold: Duration?
    private var sinceSorted = 0

    /// A read begins. How long its first request may take until a second one is sent; nil: there will be none.
    mutating func readBegan() -> Duration? {
        self.budget = min(Self.burst, self.budget + Self.share)
        return self.budget >= 1 ? self.threshold : nil
    }

    /// The first request took longer than that: whether the second one may be sent now. Others may have used the budget up.
    mutating func mayHedge() -> Bool {
        guard self.budget >= 1 else { return false }
        self.budget -= 1
        return true
    }

    /// A request was answered after that time.
    mutating func answered(after time: Duration) {
        if self.samples.count < Self.window {
            self.samples.append(time)
        } else {
            self.samples[self.next] = time
            self.next = (self.next + 1) % Self.window
        }
        self.sinceSorted += 1
        guard self.samples.count >= Self.minimumSamples, self.sinceSorted >= Self.minimumSamples || self.threshold == nil else { return }
        self.sinceSorted = 0
        // The 95th of a hundred.
        self.threshold = self.samples.sorted()[self.samples.count * 95 / 100]
    }
}
