/// Decides what becomes of a command that was not answered as it should have been. One for each command in trouble; no I/O, clock or randomness.
///
/// What a server refuses before it does anything may be sent again, as often as the deadline allows. What was lost on the way is sent again once, and
/// only if it cannot have been executed, or changes nothing.
struct RecoveryMachine {
    /// What happened to the command.
    enum Event: Equatable {
        /// The node answered with an error.
        case refused(RedisServerError, by: NodeAddress)
        /// There was no answer: no connection, or it ended.
        case failed(RedisError)
    }

    /// What to do.
    enum Action: Equatable {
        /// The caller gets the error.
        case giveUp(Repair)
        /// The command is sent again after a pause.
        case again(after: Duration, over: Route, Repair)
    }

    /// Where to.
    enum Route: Equatable {
        /// Wherever the map, as it is then, says.
        case map
        case node(NodeAddress)
        /// After ASKING.
        case asking(NodeAddress)
    }

    /// What is to be mended for all commands.
    enum Repair: Equatable {
        case none
        /// The slot has another owner; others may have as well.
        case moved(HashSlot, to: NodeAddress)
        /// The map may be wrong.
        case refresh
        /// The connection leads to a replica: another one has to be opened, at the address that the name has by then.
        case renew
    }

    /// Whether there is a cluster, or one server.
    let isCluster: Bool
    /// Whether the command may be executed twice.
    let isRead: Bool
    private var resends = 0
    private var hops = 0
    private var pauses = 0
    private var renewals = 0

    /// Redirections in a row without a pause: more means that nodes do not agree with each other.
    static let promptHops = 3
    static let shortestPause = Duration.milliseconds(2)
    static let longestPause = Duration.milliseconds(100)

    init(isCluster: Bool, isRead: Bool) {
        self.isCluster = isCluster
        self.isRead = isRead
    }

    /// - Parameters:
    ///   - deadline: the command's: nothing is sent again that could not be answered before it.
    ///   - jitter: a random number in 0..<1.
    mutating func happened(_ event: Event, now: Duration, deadline: Duration, jitter: Double) -> Action {
        let action =
            switch event {
            case .refused(let error, let node): self.refused(error, by: node, jitter)
            case .failed(let error): self.failed(error, jitter)
            }
        switch action {
        case .again(let pause, _, let repair) where now + pause >= deadline: return .giveUp(repair)
        case .again, .giveUp: return action
        }
    }

    private mutating func refused(_ error: RedisServerError, by node: NodeAddress, _ jitter: Double) -> Action {
        switch error.prefix {
        case "MOVED", "ASK":
            guard self.isCluster, let redirection = Redirection(error, from: node) else { return .giveUp(.none) }
            let pause = self.pauseOfHop(jitter)
            switch redirection {
            case .moved(let slot, let owner): return .again(after: pause, over: .node(owner), .moved(slot, to: owner))
            case .ask(_, let target): return .again(after: pause, over: .asking(target), .none)
            }
        case "TRYAGAIN": return .again(after: self.nextPause(jitter), over: .map, .none)
        case "LOADING": return .again(after: self.nextPause(jitter), over: .map, self.isCluster ? .refresh : .none)
        case "CLUSTERDOWN": return self.isCluster ? .again(after: self.nextPause(jitter), over: .map, .refresh) : .giveUp(.none)
        case "READONLY", "MASTERDOWN":
            if self.isCluster { return .again(after: self.nextPause(jitter), over: .map, .refresh) }
            // A second replica behind the same name: it does not lead to the primary yet.
            self.renewals += 1
            return self.renewals > 1 ? .giveUp(.renew) : .again(after: .zero, over: .map, .renew)
        default: return .giveUp(.none)
        }
    }

    private mutating func failed(_ error: RedisError, _ jitter: Double) -> Action {
        let repair: Repair = self.isCluster ? .refresh : .none
        switch error.code {
        case .connectionLost:
            guard self.isRead || !error.mayHaveExecuted else { return .giveUp(repair) }
        case .unavailable, .readOnly:
            // Only another node could do better; the map may name one in a moment.
            guard self.isCluster, !error.mayHaveExecuted else { return .giveUp(repair) }
        default: return .giveUp(.none)
        }
        self.resends += 1
        guard self.resends == 1 else { return .giveUp(repair) }
        return .again(after: self.isCluster ? self.nextPause(jitter) : .zero, over: .map, repair)
    }

    private mutating func pauseOfHop(_ jitter: Double) -> Duration {
        self.hops += 1
        return self.hops <= Self.promptHops ? .zero : self.nextPause(jitter)
    }

    /// Doubling, half of it random: commands that were refused together must not come back together.
    private mutating func nextPause(_ jitter: Double) -> Duration {
        let pause = min(Self.longestPause, Self.shortestPause * (1 << min(self.pauses, 10)))
        self.pauses += 1
        return pause / 2 + pause / 2 * min(max(jitter, 0), 1)
    }
}
