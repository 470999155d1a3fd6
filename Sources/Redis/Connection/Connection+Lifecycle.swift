internal import EventLoop
internal import Locked
internal import Logging

extension Connection {
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
            credentials: credentials, database: self.configuration.database, showsToken: self.credentialSource != nil)
        let link = Link(transport: transport, decoder: decoder, handshake: handshake, now: self.loop.now)
        self.link = link
        transport.onReadiness = { readiness in
            guard self.link === link else { return }
            if readiness.contains(.writable) { self.writable(link) }
            // An error or a hang-up shows in the next read.
            if self.link === link, readiness != [.writable] { self.readable(link) }
        }
        transport.watch([.readable])
        for command in handshake.commands { self.output.appendCommand(command) }
        self.flush()
    }

    private func transport(over socket: TCPSocket) throws(RedisError) -> any Transport {
        guard let tls = self.tls else { return socket }
        let channel = try tls.channel(host: self.configuration.host, port: self.configuration.port)
        return TLSTransport(socket, channel, loop: self.loop)
    }

    func attemptSucceeded() {
        guard self.machine.attemptSucceeded(attempt: self.machine.attempt) else { return }
        self.endAttempt()
        // The greeting has left entirely, since it was answered; what counts from here are commands.
        self.queuedBytes = 0
        self.link?.sentBytes = 0
        self.publish(.ready)
        let tls = (self.link?.transport as? TLSTransport).map { [RedisLogKey.tls: Logger.MetadataValue.string($0.summary)] }
        self.logger.debug("connected to Redis", metadata: tls)
        self.sendWaiting()
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

    /// Closes for good.
    func close() {
        self.end(self.machine.clientClosed())
        self.shutdownHook?.cancel()
        self.shutdownHook = nil
        self.deadlineTimer?.close()
        self.deadlineTimer = nil
        self.flushAtEndOfTurn = {}
    }

    private func end(_ ending: ConnectionMachine.Ending) {
        switch ending {
        case .ignore: return
        case .failAll(let error):
            self.endAttempt()
            self.dialer?.cancel()
            self.dialer = nil
            let sentBytes = self.link?.sentBytes ?? 0
            self.link?.transport.close()
            self.link = nil
            self.output.removeAll()
            self.report(error)
            self.failAll(error, sentBytes: sentBytes)
        }
    }

    private func endAttempt() {
        self.attemptTimer?.close()
        self.attemptTimer = nil
    }

    /// A command of which the last byte has not left did not execute for certain.
    private func failAll(_ error: RedisError, sentBytes: UInt64) {
        while let entry = self.inFlight.popFirst() {
            entry.caller?.resume(.failure(error.executed(maybe: entry.endOffset <= sentBytes)))
        }
        let waiting = self.waiting
        self.waiting = []
        self.waitingBytes = 0
        for command in waiting { command.caller.resume(.failure(error.executed(maybe: false))) }
    }

    private func report(_ error: RedisError) {
        switch self.machine.state {
        case .closed: self.publish(.closed)
        case .disconnected:
            self.publish(.disconnected)
            self.logger.notice("the connection to Redis ended", metadata: [RedisLogKey.error: "\(error)"])
        case .backingOff:
            self.publish(.backingOff(lastError: error))
            // An outage is one line, not one per attempt.
            let level: Logger.Level = self.machine.failures == 1 ? .warning : .debug
            self.logger.log(level: level, "no connection to Redis", metadata: [RedisLogKey.error: "\(error)"])
        case .connecting, .ready: break
        }
    }

    private func publish(_ state: RedisConnectionState) {
        self.published.withLock { $0 = state }
    }

    private func hookIntoLoop() {
        guard self.shutdownHook == nil else { return }
        self.shutdownHook = self.loop.onShutdown { self.close() }
    }
}
