internal import CoreMetrics
internal import Locked
internal import Logging
internal import Synchronization

/// The breaker of one tier, as all calls share it. While the tier answers, asking it costs one atomic load.
final class Breaker: Sendable {
    /// The sentences of its changes.
    struct Words {
        var opened: Logger.Message
        var closed: Logger.Message
    }

    private let machine: Locked<BreakerMachine>
    private let quiet = Atomic<Bool>(true)
    private let metrics: BreakerMetrics
    private let words: Words
    private let logger: Logger

    init(_ machine: BreakerMachine, metrics: BreakerMetrics, words: Words, logger: Logger) {
        self.machine = Locked(machine)
        self.metrics = metrics
        self.words = words
        self.logger = logger
    }

    /// The tier answers, and there is nothing that another answer could change.
    @inline(__always)
    var isQuiet: Bool { self.quiet.load(ordering: .relaxed) }

    /// The tier is asked as usual.
    var isClosed: Bool { self.isQuiet || self.machine.withLock { $0.state == .closed } }

    /// Whether a call may ask the tier.
    func requested(now: Duration) -> BreakerMachine.Permit {
        let (permit, change) = self.machine.withLock { $0.requested(now: now) }
        self.report(change)
        return permit
    }

    /// The tier has answered.
    func answered() {
        if self.isQuiet { return }
        self.report(self.update { $0.answered() })
    }

    /// The tier has failed.
    func failed(now: Duration) {
        self.report(self.update { $0.failed(now: now) })
    }

    private func update(_ event: (inout BreakerMachine) -> BreakerMachine.Change?) -> BreakerMachine.Change? {
        self.machine.withLock { machine in
            let change = event(&machine)
            self.quiet.store(machine.isQuiet, ordering: .relaxed)
            return change
        }
    }

    private func report(_ change: BreakerMachine.Change?) {
        guard let change else { return }
        self.metrics.changed(change)
        switch change {
        case .opened: self.logger.warning(self.words.opened)
        case .closed: self.logger.notice(self.words.closed)
        case .halfOpened: break
        }
    }
}

extension Breaker.Words {
    static let cache = Self(
        opened: "the cache does not answer: the table is asked instead, and the cache once per interval", closed: "the cache answers again")
    static let table = Self(
        opened: "the table does not answer: reads that need it fail, but for one per interval", closed: "the table answers again")
}
