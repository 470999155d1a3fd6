import CUV

/// A timer that can be armed again and again; a millisecond is its resolution. Loop only.
package class LoopTimer: LoopHandle {
    private let handler: () -> Void

    /// True from `arm` until it fires or is disarmed.
    package private(set) var isArmed = false

    /// A timer that calls `handler` on the loop each time it fires. The loop keeps it, and what the handler captures, until `close`.
    package init(_ loop: UVLoop, handler: @escaping () -> Void) {
        self.handler = handler
        unsafe super.init(loop, size: MemoryLayout<uv_timer_t>.size, alignment: MemoryLayout<uv_timer_t>.alignment)
        let timer = unsafe self.timer
        _ = unsafe self.open { unsafe uv_timer_init($0, timer) }
    }

    /// Fires once after `delay`, rounded up to a millisecond; replaces what was armed. On a loop that was shut down it never fires.
    package func arm(after delay: Duration) {
        guard self.isOpen else { return }
        // The loop's idea of now is as old as the jobs of this turn.
        unsafe uv_update_time(self.core.raw)
        self.isArmed = true
        let fire: uv_timer_cb = { timer in unsafe LoopHandle.recover(timer?.pointee.data, as: LoopTimer.self)?.fired() }
        _ = unsafe uv_timer_start(self.timer, fire, delay.millisecondsRoundedUp, 0)
    }

    /// Does not fire any more, until armed again.
    package func disarm() {
        guard self.isArmed else { return }
        self.isArmed = false
        if self.isOpen { _ = unsafe uv_timer_stop(self.timer) }
    }

    /// Releases it; it never fires again.
    package override func close() {
        self.isArmed = false
        super.close()
    }

    func goOff() {
        self.handler()
    }

    private func fired() {
        guard self.isArmed else { return }
        self.isArmed = false
        self.goOff()
        self.core.keepFromWaiting()
    }

    private var timer: UnsafeMutablePointer<uv_timer_t> {
        unsafe self.memory.assumingMemoryBound(to: uv_timer_t.self)
    }
}

extension Duration {
    /// Saturates far below what would overflow libuv's clock.
    var millisecondsRoundedUp: UInt64 {
        let (seconds, attoseconds) = self.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let whole = UInt64(min(seconds, 1 << 40)) * 1000
        return whole + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
