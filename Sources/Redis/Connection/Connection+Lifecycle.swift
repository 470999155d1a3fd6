internal import EventLoop
internal import Locked
internal import Logging

extension Connection {
    /// Connects unless there is a link or an attempt, or the pause after a failure is not over.
    func open() {
        if case .connectAndWait(let attempt) = self.machine.commandIssued(now: self.loop.now) { self.beginAttempt(attempt) }
    }

    /// Starts to connect; the outcome is told to the machine.
    func beginAttempt(_ attempt: UInt64) {
        self.hookIntoLoop()
        // On a loop that was shut down the hook has closed this client by now.
        guard self.machine.state != .closed else { return }
        let timer = LoopTimer(self.loop) { self.attemptTimedOut(attempt) }
        self.attemptTimer = timer
        timer.arm(after: self.configuration.connectTimeout)
        self.publish(.connecting)
        self.dialWithCredentials(attempt)
    }

    /// Starts to connect, and to authenticate like this.
    func dial(_ attempt: UInt64, as credentials: RedisCredentials?) {
        let dialer = Dialer(
            loop: self.loop, host: self.configuration.host, port: self.configuration.port, timeout: self.configuration.connectTimeout
        ) { result in
            switch result {
            case .success(let socket): self.connected(socket, attempt: attempt, as: credentials)
            case .failure(let error): self.fail(attempt: attempt, error)
            }
        }
        self.dialer = dialer
        dialer.start()
    }

    private func connected(_ socket: TCPSocket, attempt: UInt64, as credentials: RedisCredentials?) {
        self.dialer = nil
        let transport: any Transport
        do throws(RedisError) {
            transport = try self.transport(over: socket)
        } catch {
            socket.close()
            return self.fail(attempt: attempt, error)
        }
        guard let decoder = ReplyDecoder(limits: self.configuration.replyLimits) else {
            transport.close()
            return self.fail(attempt: attempt, .noConnection(underlying: "out of memory"))
        }
        let handshake = Handshake(
            credentials: credentials, database: self.configuration.database, showsToken: self.credentialSource != nil,
            discovers: self.discovers)
        let link = Link(transport: transport, decoder: decoder, handshake: handshake, now: self.loop.now)
        self.attach(link)
        for command in handshake.commands { self.output.appendCommand(command) }
        self.flush()
    }

    private func transport(over socket: TCPSocket) throws(RedisError) -> any Transport {
        guard let tls = self.tls else { return socket }
        let channel = try tls.channel(host: self.configuration.host, port: self.configuration.port)
        return TLSTransport(socket, channel, loop: self.loop)
    }

    private func attach(_ link: Link) {
        self.link = link
        link.transport.onReadiness = { readiness in
            guard self.link === link else { return }
            if readiness.contains(.writable) { self.writable(link) }
            // An error or a hang-up shows in the next read.
            if self.link === link, readiness != [.writable] { self.readable(link) }
        }
        link.transport.watch([.readable])
    }

    /// The greeting is over.
    func attemptSucceeded(_ link: Link, _ handshake: Handshake) {
        if let slots = handshake.slots {
            guard let map = SlotMap(slots, from: self.address) else {
                return self.fail(attempt: self.machine.attempt, RedisError(.protocolViolation, ReplyDecoder.notRedis))
            }
            guard !map.nodes.isEmpty else { return self.fail(attempt: self.machine.attempt, .emptyCluster) }
            return self.discovered(map, as: handshake.nodeID, over: link)
        }
        guard self.machine.attemptSucceeded(attempt: self.machine.attempt) else { return }
        self.endAttempt()
        self.startCounting(link)
        if self.discovers { self.cluster?.discoveredNone() }
        self.publish(.ready)
        self.metrics.connected()
        let tls = (link.transport as? TLSTransport).map { [RedisLogKey.tls: Logger.MetadataValue.string($0.summary)] }
        self.logger.debug("connected to Redis", metadata: tls)
        self.sendWaiting()
    }

    /// The greeting has left entirely, since it was answered; what counts from here are commands.
    private func startCounting(_ link: Link) {
        self.queuedBytes = 0
        link.sentBytes = 0
        self.freeze.opened(now: self.loop.now, wall: self.cluster?.wallClock() ?? .zero)
        self.keepAuthenticated(link)
    }

    /// This address belongs to a cluster: from now on commands go to its nodes, and the link to the node that it leads to.
    private func discovered(_ map: SlotMap, as nodeID: String, over link: Link) {
        self.endAttempt()
        self.machine.handedOver()
        self.link = nil
        self.publish(.disconnected)
        let waiting = self.takeWaiting()
        self.cluster?.discovered(map, as: nodeID, over: link, waiting)
        self.windDown()
    }

    /// Takes over a link that another connection has opened to the same node. Answers whether it did.
    func take(_ link: Link) -> Bool {
        // Nothing is done before the first attempt, so the hook may be missing.
        self.hookIntoLoop()
        guard !self.isDraining, self.machine.tookOver() else { return false }
        self.attach(link)
        self.startCounting(link)
        self.publish(.ready)
        return true
    }

    /// The link cannot go on.
    func lose(_ error: RedisError) {
        if self.link?.handshake != nil {
            let isUnanswered = error.code == .connectionLost
            let reason = isUnanswered ? RedisError.closedInGreeting(error.underlying, isEncrypted: self.tls != nil) : error
            self.fail(attempt: self.machine.attempt, reason)
        } else {
            self.end(self.machine.connectionLost(error, now: self.loop.now, jitter: .random(in: 0..<1)))
        }
    }

    private func attemptTimedOut(_ attempt: UInt64) {
        let isInTLSHandshake = (self.link?.transport as? TLSTransport).map { !$0.isOpen } ?? false
        self.fail(attempt: attempt, isInTLSHandshake ? .tlsDeadline : .connectDeadline)
    }

    func fail(attempt: UInt64, _ error: RedisError) {
        if error.code == .tls { self.tls?.forget() }
        self.end(self.machine.attemptFailed(attempt: attempt, error, now: self.loop.now, jitter: .random(in: 0..<1)))
    }

    /// Closes for good, at once.
    func close() {
        self.end(self.machine.clientClosed())
        self.shutdownHook?.cancel()
        self.shutdownHook = nil
        self.deadlineTimer?.close()
        self.deadlineTimer = nil
        self.drainTimer?.close()
        self.drainTimer = nil
        self.flushAtEndOfTurn = {}
        self.cluster = nil
        let done = self.whenDrained
        self.whenDrained = []
        for item in done { item() }
    }

    /// Accepts no more commands, and closes when those that were accepted are answered, or `closeTimeout` is over.
    func drain(then done: @escaping () -> Void) {
        if self.machine.state == .closed { return done() }
        self.whenDrained.append(done)
        if self.isDraining { return }
        self.isDraining = true
        self.isWindingDown = true
        let timer = LoopTimer(self.loop) { self.close() }
        self.drainTimer = timer
        timer.arm(after: self.configuration.closeTimeout)
        self.windDown()
    }

    private func end(_ ending: ConnectionMachine.Ending) {
        switch ending {
        case .ignore: return
        case .failAll(let error):
            self.report(error)
            self.dropLink(error)
            let waiting = self.takeWaiting()
            for command in waiting { self.fail(command.caller, error.executed(maybe: false), deadline: command.deadline) }
        case .failSent(let error, let attempt):
            self.report(error)
            self.dropLink(error)
            self.beginAttempt(attempt)
        }
        self.cluster?.ended(self)
        self.windDown()
    }

    private func endAttempt() {
        self.attemptTimer?.close()
        self.attemptTimer = nil
    }

    /// Ends the link, or the attempt at one. A command of which the last byte has not left did not execute for certain.
    func dropLink(_ error: RedisError = .lost(underlying: "replaced")) {
        self.endAttempt()
        self.endReauthentication()
        self.dialer?.cancel()
        self.dialer = nil
        let sentBytes = self.link?.sentBytes ?? 0
        self.link?.transport.close()
        self.link = nil
        self.output.removeAll()
        self.isWindingDown = self.isDraining
        while let entry = self.inFlight.popFirst() {
            guard let caller = entry.caller else { continue }
            self.fail(caller, error.executed(maybe: entry.endOffset <= sentBytes), deadline: entry.deadline)
        }
    }

    private func fail(_ caller: Caller, _ error: RedisError, deadline: Duration) {
        if self.machine.state == .closed || self.isDraining { return caller.resume(.failure(error)) }
        caller.resume(.setback(self.setback(.failed(error), deadline: deadline)))
    }

    func setback(_ event: RecoveryMachine.Event, deadline: Duration) -> Setback {
        Setback(
            event: event, at: self.loop.now, deadline: deadline, isCluster: self.cluster?.isKnown ?? false,
            isPartial: self.cluster?.answers(without: self) ?? false)
    }

    /// The error, with what it says of a cluster.
    func noting(_ error: RedisError) -> RedisError {
        guard let cluster = self.cluster, cluster.answers(without: self) else { return error }
        var error = error
        error.isPartial = true
        return error
    }

    private func report(_ error: RedisError) {
        switch self.machine.state {
        case .closed: self.publish(.closed)
        case .disconnected, .connecting:
            self.publish(self.machine.state == .disconnected ? .disconnected : .connecting)
            self.metrics.failed(error)
            self.logger.notice("the connection to Redis ended", metadata: [RedisLogKey.error: "\(error)"])
        case .backingOff:
            self.publish(.backingOff(lastError: error))
            self.metrics.failed(error)
            // An outage is one line, not one per attempt.
            let level: Logger.Level = self.machine.failures == 1 ? .warning : .debug
            self.logger.log(level: level, "no connection to Redis", metadata: [RedisLogKey.error: "\(error)"])
        case .held, .ready: break
        }
    }

    private func publish(_ state: RedisConnectionState) {
        if self.isCounted != (state == .ready) {
            self.isCounted.toggle()
            self.metrics.opened(self.isCounted)
        }
        self.state = state
        self.cluster?.stateChanged()
    }

    private func hookIntoLoop() {
        guard self.shutdownHook == nil else { return }
        self.shutdownHook = self.loop.onShutdown { self.close() }
    }
}
