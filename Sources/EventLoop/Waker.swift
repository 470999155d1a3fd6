import CUV

/// Wakes the loop's thread from another one: `uv_async_send` is the one libuv call that is safe there (libuv documentation, uv_async_t).
@safe
final class Waker {
    private let handle: UnsafeMutablePointer<uv_async_t>

    init(_ loop: UnsafeMutablePointer<uv_loop_t>) throws(EventLoopError) {
        unsafe self.handle = .allocate(capacity: 1)
        unsafe self.handle.initialize(to: uv_async_t())
        let code = unsafe UVCode(rawValue: uv_async_init(loop, self.handle) { _ in })
        if code.isFailure { unsafe self.handle.deallocate() }
        try code.check("preparing to wake an event loop")
    }

    func wake() {
        _ = unsafe uv_async_send(self.handle)
    }

    /// The loop counts as alive no longer for its sake. Loop only.
    func unref() {
        unsafe uv_unref(self.base)
    }

    /// Loop only, and the last call: `wake` must not come after it.
    func close() {
        unsafe uv_close(self.base) { handle in
            unsafe UnsafeMutableRawPointer(handle!).assumingMemoryBound(to: uv_async_t.self).deallocate()
        }
    }

    private var base: UnsafeMutablePointer<uv_handle_t> {
        unsafe UnsafeMutableRawPointer(self.handle).assumingMemoryBound(to: uv_handle_t.self)
    }
}
