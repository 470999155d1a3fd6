import CUV

/// What a descriptor is ready for, or is watched for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    package static let readable = Readiness(rawValue: 1)  // UV_READABLE
    package static let writable = Readiness(rawValue: 2)  // UV_WRITABLE
    /// The other side has closed its half. Reported only where it is watched for.
    package static let disconnect = Readiness(rawValue: 4)  // UV_DISCONNECT
    /// The descriptor is broken; a read or write says how. Always reported.
    package static let failed = Readiness(rawValue: 1 << 16)
}

/// Watches a non-blocking descriptor, which stays the caller's to close. Loop only.
package final class LoopDescriptor: LoopHandle {
    private let handler: (Readiness) -> Void
    private var whenClosed: (() -> Void)?
    private var interest: Readiness = []

    /// Calls `handler` on the loop when `descriptor` is ready for what is watched for. The loop keeps the watcher, and what the handler
    /// captures, until `close`.
    package init(_ loop: UVLoop, descriptor: CInt, handler: @escaping (Readiness) -> Void) throws(EventLoopError) {
        self.handler = handler
        unsafe super.init(loop, size: MemoryLayout<uv_poll_t>.size, alignment: MemoryLayout<uv_poll_t>.alignment)
        let poll = unsafe self.poll
        guard let code = unsafe self.open({ unsafe uv_poll_init($0, poll, descriptor) }) else { throw .shutDown }
        try code.check("watching a descriptor")
    }

    /// Watches for `interest` and nothing else; an empty set stops. Level-triggered: what stays ready is reported in each turn.
    package func watch(_ interest: Readiness) {
        guard self.isOpen, interest != self.interest else { return }
        self.interest = interest
        if interest.isEmpty {
            _ = unsafe uv_poll_stop(self.poll)
            return
        }
        let ready: uv_poll_cb = { poll, status, events in
            unsafe LoopHandle.recover(poll?.pointee.data, as: LoopDescriptor.self)?.ready(status: status, events: events)
        }
        _ = unsafe uv_poll_start(self.poll, interest.rawValue, ready)
    }

    /// Stops watching and releases the watcher. `whenClosed` runs on the loop, later in the same or in the next turn; close the descriptor there
    /// or right after this call ("the fd can be closed immediately after uv_poll_stop() or uv_close()", libuv documentation, uv_poll_t).
    package func close(then whenClosed: @escaping () -> Void) {
        self.whenClosed = whenClosed
        if self.isOpen { self.close() } else { self.closed() }
    }

    override func closed() {
        let whenClosed = self.whenClosed
        self.whenClosed = nil
        whenClosed?()
    }

    private func ready(status: CInt, events: CInt) {
        // A callback earlier in this turn may have stopped or closed it.
        guard self.isOpen, !self.interest.isEmpty else { return }
        guard status < 0 else { return self.handler(Readiness(rawValue: events)) }
        // libuv has stopped the watcher. Bytes that came before the error are still to be read, and the error itself after them: it is reported in
        // each turn until somebody has seen it.
        let interest = self.interest
        self.interest = []
        self.watch(interest)
        self.handler(.failed)
    }

    private var poll: UnsafeMutablePointer<uv_poll_t> {
        unsafe self.memory.assumingMemoryBound(to: uv_poll_t.self)
    }
}
