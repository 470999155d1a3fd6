import EventLoop
import Glibc
import Synchronization

/// Repeats an operation in a number of tasks for a while.
struct Meter {
    var loop: UVLoop
    var tasks: Int
    var seconds: Double

    /// What one run came to.
    struct Result: CustomStringConvertible {
        var perSecond: Double
        var microsecondsOfCPU: Double

        var description: String {
            "\(Int(self.perSecond.rounded())) \((self.microsecondsOfCPU * 1000).rounded() / 1000)"
        }
    }

    /// Runs `operation`, which gets a number that differs from call to call, in tasks on the caller's executor, after a warm-up.
    func measure(_ operation: @escaping @Sendable (Int) async throws -> Void) async throws -> Result {
        _ = try await self.repeated(operation, for: 0.3)
        let start = (wall: Self.wall(), cpu: Self.cpu())
        let count = try await self.repeated(operation, for: self.seconds)
        let time = (wall: Self.wall() - start.wall, cpu: Self.cpu() - start.cpu)
        return Result(perSecond: Double(count) / time.wall, microsecondsOfCPU: time.cpu * 1e6 / Double(count))
    }

    private func repeated(_ operation: @escaping @Sendable (Int) async throws -> Void, for seconds: Double) async throws -> Int {
        let flag = Flag()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<self.tasks {
                group.addTask {
                    var count = 0
                    while !flag.isSet {
                        try await operation(task &* 7919 &+ count)
                        count += 1
                    }
                    return count
                }
            }
            try await self.loop.sleep(for: .milliseconds(Int64(seconds * 1000)))
            flag.set()
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

/// Tells all tasks to end.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { self.value.load(ordering: .relaxed) }

    func set() { self.value.store(true, ordering: .relaxed) }
}
