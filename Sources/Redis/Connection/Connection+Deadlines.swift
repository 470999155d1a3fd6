internal import EventLoop

extension Connection {
    /// While anybody waits, the connection looks at those who do, that often.
    static let lookInterval = Duration.milliseconds(5)
    /// At this look, a tenth of a second after the call, a caller gets a cancellation handler although replies come in.
    private static let lastPromptLook: UInt8 = 20

    /// Sees to it that the timer goes off no later than `deadline`, nor than the next look. One timer serves all commands; it is left armed
    /// when replies come, so a busy connection touches it once per look, not once per command.
    @inline(__always)
    func armDeadline(_ deadline: Duration) {
        if let armed = self.deadlineArmed, armed <= deadline { return }
        self.setDeadline(deadline)
    }

    private func setDeadline(_ deadline: Duration) {
        let timer = self.deadlineTimer ?? LoopTimer(self.loop) { self.look() }
        let now = self.loop.now
        let delay = min(max(.zero, deadline - now), Self.lookInterval)
        self.deadlineTimer = timer
        self.deadlineArmed = now + delay
        timer.arm(after: delay)
    }

    /// Sends away whose deadline has come. Who waits since the last look, while nothing has arrived, gets a cancellation handler; while replies
    /// come, the next ones are likely to be its own.
    func look() {
        self.deadlineArmed = nil
        let now = self.loop.now
        self.takeOverdue(now: now)
        let isSilent = self.link.map { $0.lastArrival < self.lastLook } ?? true
        self.lastLook = now
        var next: Duration?
        self.inFlight.forEachCaller { caller, deadline in
            self.look(at: &caller, isSent: true, isSilent: isSilent, isOverdue: deadline <= now)
            if caller != nil { next = min(next ?? deadline, deadline) }
        }
        self.lookAtWaiting(now: now, next: &next)
        self.checkRole(now: now)
        if let link = self.link, link.handshake == nil, let oldest = self.inFlight.oldestDeadline {
            let replacement = self.silence.replacementTime(oldestDeadline: oldest, lastArrival: link.lastArrival)
            guard replacement > now else { return self.lose(.silence) }
            next = min(next ?? replacement, replacement)
        }
        if let next { self.armDeadline(next) }
        self.windDown()
    }

    /// Takes what lies in the socket, when a reply is overdue. Timers run before sockets are read: after a task that kept the loop for a second they would
    /// find late, and the connection silent, what arrived in time.
    private func takeOverdue(now: Duration) {
        guard let link = self.link, let oldest = self.inFlight.oldestDeadline, oldest <= now else { return }
        var owed = self.inFlight.count
        while self.link === link {
            self.readable(link)
            // One read ends with the replies that it brought.
            guard self.inFlight.count < owed else { return }
            owed = self.inFlight.count
        }
    }

    private func lookAtWaiting(now: Duration, next: inout Duration?) {
        var staying: [WaitingCommand] = []
        for var command in self.waiting {
            var caller: Caller? = command.caller
            self.look(at: &caller, isSent: false, isSilent: true, isOverdue: command.deadline <= now)
            if let caller {
                command.caller = caller
                staying.append(command)
                next = min(next ?? command.deadline, command.deadline)
            } else {
                self.waitingBytes -= command.bytes.count
            }
        }
        self.waiting = staying
    }

    private func look(at caller: inout Caller?, isSent: Bool, isSilent: Bool, isOverdue: Bool) {
        switch caller {
        case .some(let leaving) where isOverdue:
            leaving.resume(.failure(self.noting(isSent ? .deadlineAfterSending : .deadlineBeforeSending)))
            caller = nil
        case .prompt(let continuation, let looks):
            guard looks >= Self.lastPromptLook || (looks > 0 && isSilent) else {
                return unsafe caller = .prompt(continuation, looks: looks + 1)
            }
            let place = LatePlace(isSent: isSent)
            unsafe continuation.resume(returning: .late(LateCommand(place, loop: self.loop)))
            caller = .patient(place)
        case .patient(let place):
            if place.isOver { caller = nil }
        case .own, nil:
            break
        }
    }
}
