internal import EventLoop

/// The way back of commands that were not answered as they should have been: the I/O around `RecoveryMachine`.
extension RedisClient {
    /// What the command comes to in the end.
    ///
    /// It runs in the caller's task, off the hot path, and goes by the loop's clock, as told with each setback.
    func recover(
        _ command: some Command, from first: CommandOutcome, ranScript: Bool = false
    ) async throws(RedisError) -> RedisAnswer {
        var outcome = await first.settled()
        var machine: RecoveryMachine?
        while true {
            let setback: Setback
            switch outcome {
            case .reply(.error(let error), _): throw RedisError(server: error, ranScript: ranScript)
            case .reply(let reply, let epoch): return RedisAnswer(reply: reply, epoch: epoch)
            case .failure(let error): throw error
            case .late(let late):
                outcome = await late.outcome()
                continue
            case .setback(let happened): setback = happened
            }
            var current = machine ?? RecoveryMachine(isCluster: setback.isCluster, isRead: command.isRead)
            let action = current.happened(
                setback.event, now: setback.at, deadline: setback.deadline, jitter: .random(in: 0..<1))
            machine = current
            switch action {
            case .giveUp(let repair):
                self.mend(repair)
                throw setback.error(ranScript: ranScript)
            case .again(let pause, let route, let repair):
                self.mend(repair)
                try await self.pause(for: pause, after: setback)
                outcome = await self.resend(command, over: route, deadline: setback.deadline)
            }
        }
    }

    private func mend(_ repair: RecoveryMachine.Repair) {
        if repair != .none { self.onLoop { $0.mend(repair) } }
    }

    private func pause(for pause: Duration, after setback: Setback) async throws(RedisError) {
        let mayHaveExecuted = setback.error(ranScript: false).mayHaveExecuted
        if Task.isCancelled { throw .callerCancelled.executed(maybe: mayHaveExecuted) }
        guard pause > .zero else { return }
        do throws(EventLoopError) {
            try await self.loop.sleep(for: pause)
        } catch {
            throw (error.code == .cancelled ? RedisError.callerCancelled : .clientClosed).executed(maybe: mayHaveExecuted)
        }
    }

    private func resend(_ command: some Command, over route: RecoveryMachine.Route, deadline: Duration) async -> CommandOutcome {
        let outcome = await unsafe withUnsafeContinuation { continuation in
            self.onLoop { unsafe $0.resend(command, over: route, deadline: deadline, caller: .prompt(continuation, looks: 0)) }
        }
        return await outcome.settled()
    }

    /// Waits until each node of the cluster was greeted, or was not.
    func connectNodes() async {
        await withDiscardingTaskGroup { group in
            for node in self.nodes where node.state != .ready {
                group.addTask { await self.connect(to: NodeAddress(host: node.host, port: node.port)) }
            }
        }
    }

    private func connect(to address: NodeAddress) async {
        let timeout = self.configuration.connectTimeout
        let outcome = await unsafe withUnsafeContinuation { continuation in
            self.onLoop { cluster in
                let deadline = cluster.loop.now + timeout
                unsafe cluster.resend(ConnectCommand(), over: .node(address), deadline: deadline, caller: .prompt(continuation, looks: 0))
            }
        }
        _ = await outcome.settled()
    }
}
