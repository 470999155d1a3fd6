/// Something to be done at its time. Loop only.
final class LoopAlarm {
    private var action: (() -> Void)?
    private var timer: LoopAlarmTimer?

    init(_ action: @escaping () -> Void) {
        self.action = action
    }

    /// Counts from now. On a loop that is shutting down it goes off at the end of this turn.
    func set(after delay: Duration, on loop: UVLoop) {
        guard self.action != nil else { return }
        let core = loop.core
        guard !core.isClosing else { return core.endOfTurn.append { self.goOff() } }
        let timer = core.idleAlarms.popLast() ?? LoopAlarmTimer(loop) {}
        self.timer = timer
        timer.alarm = self
        timer.arm(after: delay)
    }

    /// It will not go off; nothing happens where it has.
    func callOff() {
        self.action = nil
        self.release()
    }

    fileprivate func goOff() {
        let action = self.action
        self.callOff()
        action?()
    }

    private func release() {
        guard let timer = self.timer.take() else { return }
        timer.alarm = nil
        timer.disarm()
        if !timer.core.isClosing { timer.core.idleAlarms.append(timer) }
    }
}

/// A timer that is kept for one alarm after another: each invocation of a Lambda has two, and none of them goes off. Loop only.
final class LoopAlarmTimer: LoopTimer {
    fileprivate var alarm: LoopAlarm?

    override func goOff() {
        self.alarm?.goOff()
    }

    /// The loop ends, and nothing waits for time any more: what was to be done at its time is done now.
    override func close() {
        super.close()
        if let alarm { self.core.endOfTurn.append { alarm.goOff() } }
    }
}

extension UVLoop {
    /// Has `action` done once, on the loop: after `duration`, to the millisecond, or when the loop is shut down before that. What it returns calls it off, from
    /// anywhere.
    package func alarm(after duration: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let alarm = LoopBound(LoopAlarm(action), loop: self)
        self.execute { alarm.value.set(after: duration, on: self) }
        return { self.execute { alarm.value.callOff() } }
    }
}
