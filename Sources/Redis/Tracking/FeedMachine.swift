/// When a feed of invalidations is begun again, and what is said of it: one line for each change that lasts, none for attempts in between.
struct FeedMachine {
    /// How a session ended.
    enum Ending: Hashable {
        /// A connection ended, or fell silent.
        case lost
        /// The server said no to something, or there is none.
        case failed(RedisError)
        case cluster
    }

    /// What an operator is told.
    enum Line: Hashable {
        case refused, cluster, lost, back
    }

    /// What to do: say this, and begin again after that time; nil: never.
    struct Step: Hashable {
        var line: Line?
        var pause: Duration?
    }

    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.seconds(5)

    private var pause = Self.firstPause
    /// Whether its being off was told.
    private var isToldOff = false

    /// The feed is up.
    mutating func began() -> Line? {
        self.pause = Self.firstPause
        defer { self.isToldOff = false }
        return self.isToldOff ? .back : nil
    }

    /// - Parameter jitter: a random number in 0..<1.
    mutating func ended(_ ending: Ending, jitter: Double) -> Step {
        switch ending {
        case .cluster: return Step(line: .cluster, pause: nil)
        case .failed(let error) where Self.isRefusal(error): return Step(line: .refused, pause: nil)
        case .failed(let error) where error.code == .closed: return Step(line: nil, pause: nil)
        case .lost, .failed:
            let line: Line? = self.isToldOff ? nil : .lost
            self.isToldOff = true
            let pause = self.pause / 2 + self.pause / 2 * min(max(jitter, 0), 1)
            self.pause = min(self.pause * 2, Self.longestPause)
            return Step(line: line, pause: pause)
        }
    }

    /// A no that will not become a yes: the command is not known, or not allowed.
    private static func isRefusal(_ error: RedisError) -> Bool {
        switch error.code {
        case .permission, .refused, .unexpectedReply: true
        default: false
        }
    }
}
