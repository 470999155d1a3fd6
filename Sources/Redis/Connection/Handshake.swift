/// The greeting of a fresh connection: AUTH and SELECT as configured, INFO for the server's identity, and a PING, which a server that is loading
/// refuses. One write, one round trip; nobody's command is sent before it has succeeded, for it might run as another user or in another database.
struct Handshake {
    enum Step: Equatable {
        case auth, select, identity, name, slots, ping
    }

    enum Outcome: Equatable {
        case waits
        case succeeded
        case failed(RedisError)
    }

    /// What a server says that lets one in.
    static let greeted = RedisReply.status("PONG")

    let commands: [[[UInt8]]]
    /// What the server told of itself so far.
    private(set) var identity = ServerIdentity()
    /// The name of the node in its cluster.
    private(set) var nodeID = ""
    /// What CLUSTER SLOTS answered, where there is a cluster.
    private(set) var slots: RedisReply?
    private var refusedSlots: RedisServerError?
    private var expected: ArraySlice<Step>
    private let showsToken: Bool
    private let discovers: Bool

    /// - Parameters:
    ///   - showsToken: whether the password is one that was made for this connection.
    ///   - discovers: whether to ask for a cluster. Otherwise the server has to be a primary.
    init(credentials: RedisCredentials?, database: Int, showsToken: Bool = false, discovers: Bool) {
        self.showsToken = showsToken
        var steps: [Step] = []
        var commands: [[[UInt8]]] = []
        if let credentials {
            steps.append(.auth)
            commands.append(credentials.command)
        }
        if database != 0 {
            steps.append(.select)
            commands.append([Array("SELECT".utf8), Array(String(database).utf8)])
        }
        // Two commands: before Redis 7 INFO takes one section only.
        for section in ["server", "replication"] {
            steps.append(.identity)
            commands.append([Array("INFO".utf8), Array(section.utf8)])
        }
        if discovers {
            steps += [.name, .slots]
            commands += [[Array("CLUSTER".utf8), Array("MYID".utf8)], Cluster.question]
        }
        steps.append(.ping)
        commands.append([Array("PING".utf8)])
        self.expected = steps[...]
        self.discovers = discovers
        self.commands = commands
    }

    mutating func replyReceived(_ reply: RedisReply) -> Outcome {
        guard let step = self.expected.popFirst() else { return .failed(.unsolicited.executed(maybe: false)) }
        switch (step, reply) {
        case (.auth, .status("OK")), (.select, .status("OK")), (.ping, Self.greeted): break
        // Whoever may not ask who the server is uses it all the same.
        case (.identity, .bytes), (.identity, .error): self.identity.learn(from: reply)
        // A server that is no cluster says so with an error.
        case (.name, .bytes(let id)): self.nodeID = String(decoding: id, as: UTF8.self)
        case (.name, .error): break
        case (.slots, .array): self.slots = reply
        case (.slots, .error(let error)): self.refusedSlots = error
        // A user without the right to PING has been greeted all the same.
        case (.ping, .error(let error)) where error.prefix == "NOPERM": break
        case (.auth, .error(let error)): return .failed(self.authenticationFailure(error))
        case (.select, .error(let error)): return .failed(Self.selectionFailure(error))
        case (.ping, .error(let error)): return .failed(RedisError(server: error))
        case (.auth, _), (.select, _), (.identity, _), (.name, _), (.slots, _), (.ping, _):
            return .failed(RedisError(.protocolViolation, ReplyDecoder.notRedis))
        }
        return self.expected.isEmpty ? self.conclusion : .waits
    }

    private var conclusion: Outcome {
        if self.slots != nil { return .succeeded }
        if self.discovers, self.identity.isOfCluster, let refusedSlots { return .failed(RedisError(server: refusedSlots)) }
        return self.identity.isReplica == true ? .failed(.replica) : .succeeded
    }

    private func authenticationFailure(_ server: RedisServerError) -> RedisError {
        let known = RedisError(server: server)
        if self.showsToken, known.code == .authentication {
            return RedisError(
                .authentication,
                "Redis refused the token, which may have expired or be for another user, cache or region; check the IAM user and its policy, the "
                    + "cache's name (and serverless=true), the region, and this machine's clock.",
                underlying: server.description, server: server)
        }
        guard known.code == .refused else { return known }
        return RedisError(
            .authentication, "Redis refused AUTH; if it has no password, take it out of the URL, and before Redis 6 leave the user away.",
            underlying: server.description, server: server)
    }

    private static func selectionFailure(_ server: RedisServerError) -> RedisError {
        let known = RedisError(server: server)
        guard known.code == .refused else { return known }
        if server.text.split(separator: " ").contains("cluster") {
            return RedisError(
                .invalidConfiguration, "A Redis cluster has no database but 0; leave the number in the URL away.",
                underlying: server.description, server: server)
        }
        return RedisError(
            .invalidConfiguration, "Redis has no database of the number in the URL; use a smaller one (0 to 15 by default).",
            underlying: server.description, server: server)
    }
}
