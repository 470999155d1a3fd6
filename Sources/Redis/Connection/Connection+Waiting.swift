internal import EventLoop

/// Commands that come while there is no link to carry them.
extension Connection {
    @inline(never)
    func submitWithoutLink<Given: Command>(_ command: Given, timeout: Duration?, caller: Caller) {
        if self.isDraining { return caller.resume(.failure(.clientClosed)) }
        if self.discovers, let cluster = self.cluster, cluster.isKnown {
            return cluster.submit(command, timeout: timeout, caller: caller)
        }
        let size = command.sizeBound
        guard size <= self.configuration.maxQueuedBytes else { return caller.resume(.failure(.commandTooLarge)) }
        guard self.waiting.count < self.configuration.maxInFlight else { return caller.resume(.failure(.tooManyInFlight)) }
        guard self.waitingBytes + size <= self.configuration.maxQueuedBytes else { return caller.resume(.failure(.tooManyBytes)) }
        let now = self.loop.now
        let deadline = now + (timeout ?? self.configuration.commandTimeout)
        switch self.machine.commandIssued(now: now) {
        case .refuse(let error): self.refuse(error, caller, deadline: deadline)
        case .send, .wait: self.wait(command, deadline: deadline, caller: caller)
        case .connectAndWait(let attempt):
            self.wait(command, deadline: deadline, caller: caller)
            self.beginAttempt(attempt)
        }
    }

    private func refuse(_ error: RedisError, _ caller: Caller, deadline: Duration) {
        if self.machine.state == .closed { return caller.resume(.failure(error)) }
        caller.resume(.setback(self.setback(.failed(error), deadline: deadline)))
    }

    private func wait<Given: Command>(_ command: Given, deadline: Duration, caller: Caller) {
        let encoded = ByteQueue(capacity: command.sizeBound)
        if !command.isSatisfiedByGreeting { command.encode(into: encoded) }
        self.enqueue(
            WaitingCommand(
                deadline: deadline, bytes: encoded.bytes, caller: caller, leadingReplies: Given.leadingReplies,
                slot: command.routingKey.map { HashSlot(of: $0) }))
    }

    private func enqueue(_ command: WaitingCommand) {
        self.waitingBytes += command.bytes.count
        self.waiting.append(command)
        self.armDeadline(command.deadline)
    }

    /// Hands the commands that waited to the link, in their order.
    func sendWaiting() {
        self.scheduleFlush()
        for command in self.takeWaiting() { self.send(command) }
    }

    /// Takes a command that waited elsewhere.
    func take(_ command: WaitingCommand) {
        if self.isReady {
            self.scheduleFlush()
            return self.send(command)
        }
        switch self.machine.commandIssued(now: self.loop.now) {
        case .refuse(let error): self.refuse(error, command.caller, deadline: command.deadline)
        case .send, .wait: self.enqueue(command)
        case .connectAndWait(let attempt):
            self.enqueue(command)
            self.beginAttempt(attempt)
        }
    }

    /// Those who wait here and have not left.
    func takeWaiting() -> [WaitingCommand] {
        defer {
            self.waiting.removeAll()
            self.waitingBytes = 0
        }
        return self.waiting.filter { !$0.caller.hasLeft }
    }

    private func send(_ command: WaitingCommand) {
        if case .patient(let place) = command.caller { place.isSent = true }
        guard !command.bytes.isEmpty else {
            return command.caller.resume(.reply(Handshake.greeted, epoch: self.link?.epoch ?? 0))
        }
        self.output.append(command.bytes)
        self.queuedBytes &+= UInt64(command.bytes.count)
        for _ in 0..<command.leadingReplies {
            self.inFlight.append(.init(deadline: command.deadline, endOffset: self.queuedBytes, caller: nil))
        }
        self.inFlight.append(.init(deadline: command.deadline, endOffset: self.queuedBytes, caller: command.caller))
        self.armDeadline(command.deadline)
    }
}
