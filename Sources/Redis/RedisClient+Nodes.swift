internal import EventLoop

extension RedisClient {
    /// As `send`, to that primary of a cluster and to no other; `nil`: to the one server that there is, or to any. For walks over all keys, whose cursors
    /// belong to one node. Nothing is sent again.
    package func send(_ arguments: [[UInt8]], to node: RedisNode?, timeout: Duration? = nil) async throws(RedisError) -> RedisReply {
        guard let node else { return try await self.send(arguments, timeout: timeout) }
        try SharedConnectionRule.check(arguments)
        let time = timeout ?? self.configuration.commandTimeout
        let outcome = await unsafe withUnsafeContinuation { continuation in
            self.onLoop { cluster in
                unsafe cluster.resend(
                    RawCommand(arguments: arguments), over: .node(NodeAddress(host: node.host, port: node.port)),
                    deadline: cluster.loop.now + time, caller: .prompt(continuation, looks: 0))
            }
        }
        return try await self.reply(of: outcome)
    }

    private func reply(of first: CommandOutcome) async throws(RedisError) -> RedisReply {
        switch await first.settled() {
        case .reply(.error(let error), _): throw RedisError(server: error, ranScript: false)
        case .reply(let reply, _): return reply
        case .failure(let error): throw error
        case .setback(let setback): throw setback.error(ranScript: false)
        case .late(let late): return try await self.reply(of: await late.outcome())
        }
    }
}
