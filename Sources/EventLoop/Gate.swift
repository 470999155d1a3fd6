import Glibc

/// A door that opens once, for threads that are no tasks.
@safe
final class Gate: @unchecked Sendable {
    // Sendable: a semaphore is made to be shared; its memory lives as long as the gate.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe self.semaphore = .allocate(capacity: 1)
        unsafe sem_init(self.semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(self.semaphore)
        unsafe self.semaphore.deallocate()
    }

    func open() { unsafe sem_post(self.semaphore) }

    func wait() {
        while unsafe sem_wait(self.semaphore) != 0 && errno == EINTR {}
    }
}
