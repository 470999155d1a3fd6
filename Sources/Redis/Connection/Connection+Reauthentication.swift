internal import EventLoop
internal import Logging

/// Credentials that are shown once more, before the server ends what they let in.
extension Connection {
    /// The link was just authenticated: sees to it that it is again in time.
    func keepAuthenticated(_ link: Link) {
        guard let lifetime = self.credentialSource?.lifetime else { return }
        var machine = ReauthenticationMachine(lifetime: lifetime, now: self.loop.now)
        let action = machine.authenticated(now: self.loop.now, jitter: .random(in: 0..<1))
        self.reauthentication = machine
        self.perform(action, link)
    }

    /// The link is gone.
    func endReauthentication() {
        self.reauthentication = nil
        self.reauthenticationTimer?.close()
        self.reauthenticationTimer = nil
    }

    private func perform(_ action: ReauthenticationMachine.Action, _ link: Link) {
        switch action {
        case .wait(let time):
            self.reauthenticationTimer?.close()
            let timer = LoopTimer(self.loop) {
                guard self.link === link, let machine = self.reauthentication else { return }
                self.perform(machine.waited(), link)
            }
            self.reauthenticationTimer = timer
            timer.arm(after: time)
        case .authenticate: self.authenticate(link)
        case .retire: self.renew()
        }
    }

    private func authenticate(_ link: Link) {
        guard let source = self.credentialSource else { return }
        let (connection, place) = (LoopBound(self, loop: self.loop), LoopBound(link, loop: self.loop))
        Task(executorPreference: self.loop) {
            do throws(RedisError) {
                let credentials = try await source.credentials()
                let outcome = await unsafe withUnsafeContinuation { continuation in
                    unsafe connection.value.send(credentials, over: place.value, continuation)
                }
                await connection.value.authenticated(outcome, place.value)
            } catch {
                connection.value.noCredentials(error, place.value)
            }
        }
    }

    private func send(
        _ credentials: RedisCredentials, over link: Link, _ continuation: UnsafeContinuation<CommandOutcome, Never>
    ) {
        guard self.link === link, self.machine.isReady else {
            return unsafe continuation.resume(returning: .failure(.noConnection(underlying: nil)))
        }
        let command = RawCommand(arguments: credentials.command)
        unsafe self.submit(command, timeout: self.configuration.connectTimeout, caller: .prompt(continuation, looks: 0))
    }

    private func authenticated(_ outcome: CommandOutcome, _ link: Link) async {
        var outcome = outcome
        while case .late(let command) = outcome { outcome = await command.outcome() }
        guard self.link === link, var machine = self.reauthentication else { return }
        guard case .reply(.status("OK"), _) = outcome else {
            self.logger.warning("Redis did not authenticate the connection again; it is replaced")
            return self.perform(machine.refused(), link)
        }
        let action = machine.authenticated(now: self.loop.now, jitter: .random(in: 0..<1))
        self.reauthentication = machine
        self.perform(action, link)
    }

    private func noCredentials(_ error: RedisError, _ link: Link) {
        guard self.link === link, let machine = self.reauthentication else { return }
        self.logger.warning("no credentials to authenticate the connection to Redis again", metadata: [RedisLogKey.error: "\(error)"])
        self.perform(machine.failed(now: self.loop.now), link)
    }
}
