import Dispatch
import Synchronization

/// Where the main thread waits for the one task.
final class Door: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let code = Atomic<Int32>(0)

    func open(_ code: Int32) {
        self.code.store(code, ordering: .relaxed)
        self.semaphore.signal()
    }

    func wait() -> Int32 {
        self.semaphore.wait()
        return self.code.load(ordering: .relaxed)
    }
}
