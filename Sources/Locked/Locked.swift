#if canImport(Glibc)
    public import Glibc
#else
    public import Musl
#endif

/// State behind a mutex, reachable only while the mutex is held.
///
/// `Synchronization.Mutex` would do the same, but Thread Sanitizer cannot see its futex on Linux and reports each use as a race; it knows
/// `pthread_mutex_t`. Do not call out (continuations, callbacks, other locks) from inside `withLock`: return what is to be done.
@usableFromInline
package struct Locked<State>: @unchecked Sendable {
    // Sendable: every access to `state` goes through the mutex; the storage's address is stable because a class owns it.
    @usableFromInline
    package let storage: Storage

    @usableFromInline
    package final class Storage {
        @usableFromInline
        package let mutex: UnsafeMutablePointer<pthread_mutex_t>
        // Not a stored property: each use of one is checked for exclusive access at run time, which the mutex has made sure of.
        @usableFromInline
        package let state: UnsafeMutablePointer<State>

        init(_ state: State) {
            self.state = .allocate(capacity: 1)
            self.state.initialize(to: state)
            self.mutex = .allocate(capacity: 1)
            self.mutex.initialize(to: pthread_mutex_t())
            pthread_mutex_init(self.mutex, nil)
        }

        deinit {
            self.state.deinitialize(count: 1)
            self.state.deallocate()
            pthread_mutex_destroy(self.mutex)
            self.mutex.deallocate()
        }
    }

    package init(_ state: sending State) {
        self.storage = Storage(state)
    }

    // Inlinable: in other modules it is made for its state and its closure, which then is no closure any more.
    @discardableResult
    @inlinable
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(self.storage.mutex)
        defer { pthread_mutex_unlock(self.storage.mutex) }
        return try body(&self.storage.state.pointee)
    }
}
