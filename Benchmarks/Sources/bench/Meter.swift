import EventLoop
import Glibc
import Synchronization

/// Runs a loop in a number of tasks for a while.
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

    /// Repeats operations until the flag is set and returns how many. It gets the number of its task.
    ///
    /// The loop is the scenario's own: a closure called for each operation would cost as much as some of them.
    typealias Body = @Sendable (_ task: Int, _ end: Flag) async throws -> Int

    /// Runs `body` in tasks on the caller's executor, after a warm-up.
    func measure(_ body: @escaping Body) async throws -> Result {
        _ = try await self.run(body, for: 0.3)
        let start = (wall: Self.wall(), cpu: Self.cpu())
        let count = try await self.run(body, for: self.seconds)
        let time = (wall: Self.wall() - start.wall, cpu: Self.cpu() - start.cpu)
        return Result(perSecond: Double(count) / time.wall, microsecondsOfCPU: time.cpu * 1e6 / Double(count))
    }

    private func run(_ body: @escaping Body, for seconds: Double) async throws -> Int {
        let end = Flag()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<self.tasks {
                group.addTask { try await body(task, end) }
            }
            try await self.loop.sleep(for: .milliseconds(Int64(seconds * 1000)))
            end.set()
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
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { self.value.load(ordering: .relaxed) }

    func set() { self.value.store(true, ordering: .relaxed) }
}
