import Glibc

@testable import EventLoop

/// The connection: commands, replies, ends and impatience in any order. Each caller is answered once, with the reply that is its own or an error.
@_cdecl("fuzz_connection")
public func fuzzConnection(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    guard let bytes, let loop else { return }
    let script = Array(UnsafeBufferPointer(start: bytes, count: min(count, 4096)))
    let end = End()
    loop.execute {
        Task.immediate(executorPreference: loop) {
            await ConnectionScript(script, loop: loop).play()
            end.reached()
        }
    }
    end.wait()
}

/// One for all inputs: it is a thread.
private let loop = try? UVLoop(name: "fuzz")

/// Where libFuzzer's thread waits for the loop's.
private final class End: Sendable {
    // Sendable: semaphores are for threads.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        self.semaphore = .allocate(capacity: 1)
        sem_init(self.semaphore, 0, 0)
    }

    deinit {
        sem_destroy(self.semaphore)
        self.semaphore.deallocate()
    }

    func reached() { sem_post(self.semaphore) }

    func wait() {
        while sem_wait(self.semaphore) != 0 {}
    }
}
