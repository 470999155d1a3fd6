/// Which calls run and which wait for a connection. Pure: events in, one action out.
struct Admission {
    private let capacity: Int
    private let queueLimit: Int
    private var running = 0
    private var waiting: [Waiting] = []
    /// Entries before this one have left.
    private var head = 0
    /// No waiting call's deadline is earlier; nil when none waits.
    private(set) var earliestDeadline: Duration?

    private struct Waiting {
        var id: UInt64
        var deadline: Duration
    }

    /// What happens with a new call.
    enum Arrival: Hashable {
        case start
        case wait
        case refuse
    }

    init(capacity: Int, queueLimit: Int) {
        self.capacity = max(1, capacity)
        self.queueLimit = max(0, queueLimit)
    }

    /// Calls that wait.
    var queued: Int { self.waiting.count - self.head }

    mutating func arrived(id: UInt64, deadline: Duration) -> Arrival {
        if self.running < self.capacity {
            self.running += 1
            return .start
        }
        guard self.queued < self.queueLimit else { return .refuse }
        self.waiting.append(Waiting(id: id, deadline: deadline))
        self.earliestDeadline = min(self.earliestDeadline ?? deadline, deadline)
        return .wait
    }

    /// A running call ended: the one to start in its place, first come, first served.
    mutating func finished() -> UInt64? {
        guard self.head < self.waiting.count else {
            self.running -= 1
            return nil
        }
        let next = self.waiting[self.head]
        self.head += 1
        self.tidy()
        return next.id
    }

    /// A waiting call's task was cancelled; false if it does not wait.
    mutating func left(id: UInt64) -> Bool {
        guard let index = self.waiting[self.head...].firstIndex(where: { $0.id == id }) else { return false }
        self.waiting.remove(at: index)
        self.tidy()
        return true
    }

    /// The waiting calls whose time is over.
    mutating func deadlineReached(now: Duration) -> [UInt64] {
        guard let earliest = self.earliestDeadline, earliest <= now else { return [] }
        let entries = self.waiting[self.head...]
        let late = entries.filter { $0.deadline <= now }
        self.waiting = entries.filter { $0.deadline > now }
        self.head = 0
        self.earliestDeadline = self.waiting.map(\.deadline).min()
        return late.map(\.id)
    }

    private mutating func tidy() {
        if self.head == self.waiting.count {
            self.waiting.removeAll(keepingCapacity: true)
            self.head = 0
            self.earliestDeadline = nil
        } else if self.head >= 1024 {
            self.waiting.removeFirst(self.head)
            self.head = 0
        }
    }
}
