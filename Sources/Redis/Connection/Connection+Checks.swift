internal import EventLoop
internal import Logging

/// What the connection asks the server for its own sake.
extension Connection {
    /// While commands are under way the server is asked so often whether it is still the primary, and of which history.
    private static let checkInterval = Duration.seconds(1)
    private static let replicationInfo = [Array("INFO".utf8), Array("replication".utf8)]

    /// Whether the link may have died unseen. Then it is checked, and commands wait for that: what has not left can go over the next link, be it a read
    /// or a write. It costs one round trip, once after a freeze or a long silence.
    func isSuspect() -> Bool {
        guard let link = self.link else { return false }
        guard self.freeze.isSuspect(lastArrival: link.lastArrival, now: self.turnTime, wall: self.cluster?.wallClock() ?? .zero) else {
            return false
        }
        self.hold(link)
        return true
    }

    private func hold(_ link: Link) {
        guard self.machine.suspected() else { return }
        self.logger.debug("the connection to Redis was idle, or the process frozen: it is checked before it is used")
        // Half of the time that commands have is left to them for a new connection.
        self.ask(link, timeout: self.configuration.commandTimeout / 2) { outcome in
            guard self.link === link else { return }
            guard outcome.isAnswer else { return self.replaceLink() }
            self.learn(outcome, from: link)
            if !self.isWindingDown, self.machine.vouchedFor() { self.sendWaiting() }
        }
    }

    /// Asks now and then, together with what is under way anyway.
    func checkRole(now: Duration) {
        guard self.isReady, let link = self.link, link.identity.isReplica != nil, now - link.lastCheck >= Self.checkInterval else { return }
        self.ask(link, timeout: self.configuration.connectTimeout) { outcome in self.learn(outcome, from: link) }
    }

    /// PING where the server has not told its role, which it may have forbidden.
    private func ask(_ link: Link, timeout: Duration, then answered: @escaping (CommandOutcome) -> Void) {
        link.lastCheck = self.loop.now
        let command = RawCommand(arguments: link.identity.isReplica == nil ? [Array("PING".utf8)] : Self.replicationInfo)
        self.submitOwn(command, timeout: timeout, then: answered)
    }

    /// Sends a command of the client's own over the link, if there is one, past those who wait.
    func submitOwn(_ command: RawCommand, timeout: Duration, then answered: @escaping (CommandOutcome) -> Void) {
        let own = OwnCommand(loop: self.loop, answered: answered)
        guard let link = self.link, link.handshake == nil else {
            return own.finish(.failure(.noConnection(underlying: nil)))
        }
        self.scheduleFlush()
        let before = self.output.count
        command.encode(into: self.output)
        self.queuedBytes &+= UInt64(self.output.count - before)
        let deadline = self.loop.now + timeout
        self.inFlight.append(.init(deadline: deadline, endOffset: self.queuedBytes, caller: .own(own)))
        self.armDeadline(deadline)
    }

    private func learn(_ outcome: CommandOutcome, from link: Link) {
        guard self.link === link, case .reply(let reply, _) = outcome else { return }
        link.identity.learn(from: reply)
        link.epoch = link.identity.epoch
        guard link.identity.isReplica == true else { return }
        self.logger.notice("this Redis has become a replica; looking for the primary")
        self.renew()
    }

    /// The link leads to a server that is not the right one any more: what it still owes is awaited, then it is replaced, the name being resolved again.
    func renew() {
        guard self.machine.suspected() || self.machine.state == .held else { return }
        self.isWindingDown = true
        self.windDown()
    }

    /// Goes on with a renewal, or the end, when everything is answered.
    @inline(__always)
    func windDown() {
        if self.isWindingDown { self.finishWindingDown() }
    }

    private func finishWindingDown() {
        guard !self.inFlight.hasCallers else { return }
        if !self.isDraining { return self.replaceLink() }
        if self.waiting.isEmpty { self.close() }
    }

    /// Opens another link for those who wait. Nobody may wait for this one.
    private func replaceLink() {
        guard let attempt = self.machine.condemned(now: self.loop.now) else { return }
        self.dropLink()
        self.beginAttempt(attempt)
    }
}
