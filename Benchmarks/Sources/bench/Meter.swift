import EventLoop
import Glibc
import Marks
import Synchronization

/// Runs a loop in a number of tasks, for a while or a number of times.
struct Meter {
    var loop: UVLoop
    var tasks: Int
    var amount: Amount

    /// How much is measured.
    enum Amount {
        case seconds(Double)
        case operations(Int)

        /// `1.5`, or `1000x`.
        init?(_ text: String) {
            if text.hasSuffix("x") {
                guard let count = Int(text.dropLast()), count > 0 else { return nil }
                self = .operations(count)
            } else {
                guard let seconds = Double(text), seconds > 0 else { return nil }
                self = .seconds(seconds)
            }
        }
    }

    /// What one run came to.
    struct Result: CustomStringConvertible {
        var perSecond: Double
        var microsecondsOfCPU: Double
        /// How often an operation asked for memory; nil where nobody counts (see ../marks).
        var allocations: Double?

        var description: String {
            let time = "\(Int(self.perSecond.rounded())) \((self.microsecondsOfCPU * 1000).rounded() / 1000)"
            return self.allocations.map { "\(time) \(($0 * 100).rounded() / 100)" } ?? time
        }
    }

    /// Repeats operations until the flag is set and returns how many. It gets the number of its task.
    ///
    /// The loop is the scenario's own: a closure called for each operation would cost as much as some of them.
    typealias Body = @Sendable (_ task: Int, _ end: Flag) async throws -> Int

    /// Runs `body` in tasks on the caller's executor: for a time, after a warm-up, or a number of times.
    func measure(_ body: @escaping Body) async throws -> Result {
        if case .seconds = self.amount { _ = try await self.run(body, for: .seconds(0.3)) }
        let start = (wall: Self.wall(), cpu: Self.cpu(), allocations: marks_allocations())
        let count = try await self.run(body, for: self.amount)
        let time = (wall: Self.wall() - start.wall, cpu: Self.cpu() - start.cpu)
        let allocations = Double(marks_allocations() - start.allocations) / Double(count)
        return Result(
            perSecond: Double(count) / time.wall, microsecondsOfCPU: time.cpu * 1e6 / Double(count),
            allocations: marks_counts_allocations() == 0 ? nil : allocations)
    }

    private func run(_ body: @escaping Body, for amount: Amount) async throws -> Int {
        let end =
            switch amount {
            case .seconds: Flag()
            case .operations(let count): Flag(after: count)
            }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<self.tasks {
                group.addTask { try await body(task, end) }
            }
            if case .seconds(let seconds) = amount {
                try await self.loop.sleep(for: .milliseconds(Int64(seconds * 1000)))
                end.set()
            }
            return try await group.reduce(0, +)
        }
    }

    private static func wall() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// User and system time of all threads of this process.
    private static func cpu() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// Tells all tasks to end: when it is set, or has been asked often enough.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    private let isCounted: Bool
    private let left: Atomic<Int>

    init(after count: Int? = nil) {
        self.isCounted = count != nil
        self.left = Atomic(count ?? 0)
    }

    var isSet: Bool {
        self.isCounted ? self.left.subtract(1, ordering: .relaxed).oldValue <= 0 : self.value.load(ordering: .relaxed)
    }

    func set() { self.value.store(true, ordering: .relaxed) }
}
