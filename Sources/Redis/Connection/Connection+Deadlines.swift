internal import EventLoop

extension Connection {
    /// Sees to it that the timer goes off no later than `deadline`. One timer serves all commands; it is left armed when replies come, so
    /// a busy connection touches it once per timeout, not once per command.
    @inline(__always)
    func armDeadline(_ deadline: Duration) {
        if let armed = self.deadlineArmed, armed <= deadline { return }
        self.setDeadline(deadline)
    }

    private func setDeadline(_ deadline: Duration) {
        let timer = self.deadlineTimer ?? LoopTimer(self.loop) { self.deadlineReached() }
        self.deadlineTimer = timer
        self.deadlineArmed = deadline
        timer.arm(after: max(.zero, deadline - self.loop.now))
    }

    private func deadlineReached() {
        self.deadlineArmed = nil
        let now = self.loop.now
        var next = self.inFlight.expire(now: now) { entry in entry.caller?.resume(.failure(.deadlineAfterSending)) }
        self.expireWaiting(now: now, next: &next)
        if let link = self.link, link.handshake == nil, let oldest = self.inFlight.oldestDeadline {
            let replacement = self.silence.replacementTime(oldestDeadline: oldest, lastArrival: link.lastArrival)
            guard replacement > now else { return self.lose(.silence) }
            next = min(next ?? replacement, replacement)
        }
        if let next { self.armDeadline(next) }
    }

    private func expireWaiting(now: Duration, next: inout Duration?) {
        for command in self.waiting where command.deadline <= now {
            self.waitingBytes -= command.bytes.count
            command.caller.resume(.failure(.deadlineBeforeSending))
        }
        self.waiting.removeAll { $0.deadline <= now }
        for command in self.waiting { next = min(next ?? command.deadline, command.deadline) }
    }
}
