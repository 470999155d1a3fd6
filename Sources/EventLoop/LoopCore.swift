import CUV

/// What only the loop's thread touches (and `waker`, under the loop's lock).
@safe
final class LoopCore {
    /// libuv's loop; valid until `isTerminated`.
    let raw: UnsafeMutablePointer<uv_loop_t>
    let waker: Waker
    /// True from the moment that everything is told to close.
    private(set) var isClosing = false
    /// True once libuv's loop is gone: jobs still run, handles cannot be opened.
    private(set) var isTerminated = false

    /// Jobs that may run now, in order.
    let ready = Ring<ReadyJob>()
    var endOfTurn: [() -> Void] = []
    /// Timers that no alarm has now.
    var idleAlarms: [LoopAlarmTimer] = []
    private var hooks: [ObjectIdentifier: ShutdownHook] = [:]

    init() throws(EventLoopError) {
        let raw = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
        do throws(EventLoopError) {
            try UVCode(rawValue: unsafe uv_loop_init(raw)).check("starting an event loop")
        } catch {
            unsafe raw.deallocate()
            throw error
        }
        do throws(EventLoopError) {
            self.waker = try unsafe Waker(raw)
        } catch {
            unsafe uv_loop_close(raw)
            unsafe raw.deallocate()
            throw error
        }
        unsafe self.raw = raw
    }

    /// After a callback that may come before libuv polls, as those of timers do that are due by then: what it made ready must not wait for what the poll
    /// waits for. With `uv_stop` the poll does not wait, and `uv_run` returns (libuv documentation, uv_stop).
    func keepFromWaiting() {
        if !self.ready.isEmpty || !self.endOfTurn.isEmpty { unsafe uv_stop(self.raw) }
    }

    func add(_ hook: ShutdownHook) {
        self.hooks[ObjectIdentifier(hook)] = hook
    }

    func remove(_ hook: ShutdownHook) {
        self.hooks[ObjectIdentifier(hook)] = nil
    }

    /// Tells every owner to fail its waiters and close its handles, then closes what nobody did.
    func closeEverything() {
        self.isClosing = true
        self.idleAlarms = []
        self.waker.unref()
        while let (_, hook) = self.hooks.popFirst() {
            hook.work?()
        }
        let close: uv_walk_cb = { handle, _ in
            unsafe LoopHandle.recover(handle?.pointee.data, as: LoopHandle.self)?.close()
        }
        unsafe uv_walk(self.raw, close, nil)
    }

    /// Releases libuv's loop; every handle but the waker was closed before.
    func terminate() {
        self.isTerminated = true
        self.waker.close()
        _ = unsafe uv_run(self.raw, UV_RUN_NOWAIT)
        _ = unsafe uv_loop_close(self.raw)
        unsafe self.raw.deallocate()
    }
}

/// Work that an owner of handles or waiters wants done when the loop shuts down. Loop only.
package final class ShutdownHook {
    fileprivate var work: (() -> Void)?
    private let core: LoopCore

    init(_ core: LoopCore, work: @escaping () -> Void) {
        self.core = core
        self.work = work
        core.add(self)
    }

    /// The owner has closed itself.
    package func cancel() {
        self.core.remove(self)
        // The work usually holds its owner, and the owner this hook.
        self.work = nil
    }
}
