extension RedisError {
    /// What an error reply means and what to do about it. The prefixes are those of Redis 7's `src/server.c` (`createSharedObjects`).
    ///
    /// - Parameter ranScript: whether the command ran a script. A script's error comes after whatever the script had done before.
    init(server: RedisServerError, ranScript: Bool = false) {
        let reading = Self.reading(of: server)
        self.init(
            reading.code,
            reading.message,
            mayHaveExecuted: ranScript && reading.scriptMayHaveRun,
            underlying: server.description,
            server: server)
    }

    private struct Reading {
        var code: Code
        var message: String
        var scriptMayHaveRun = false
    }

    private static func reading(of server: RedisServerError) -> Reading {
        switch server.prefix {
        case "WRONGPASS", "NOAUTH", "NOPERM", "DENIED": self.accessReading(of: server.prefix)
        case "MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT", "TRYAGAIN": self.clusterReading(of: server.prefix)
        case "OOM", "READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS", "MISCONF", "BUSY", "UNKILLABLE": self.stateReading(of: server.prefix)
        case "NOSCRIPT":
            Reading(code: .noScript, message: "The server does not know this script; send its source with EVAL.")
        case "WRONGTYPE":
            Reading(
                code: .wrongType,
                message: "The key holds another kind of value; use another key prefix or database for other programs.",
                scriptMayHaveRun: true)
        default: self.otherReading(of: server)
        }
    }

    private static func accessReading(of prefix: String) -> Reading {
        switch prefix {
        case "WRONGPASS":
            Reading(code: .authentication, message: "Redis refused the user or password; correct them in the Redis URL (percent-encoded).")
        case "NOAUTH":
            Reading(code: .authentication, message: "Redis asks for a password; give it in the URL: redis://user:password@host:port/db.")
        case "DENIED":
            Reading(
                code: .authentication,
                message: "Redis is in protected mode and answers only from its own host; set a password or turn protected-mode off there.")
        default:
            Reading(
                code: .permission,
                message: "The Redis user lacks the right for this command or key; grant it with ACL SETUSER.",
                scriptMayHaveRun: true)
        }
    }

    private static func clusterReading(of prefix: String) -> Reading {
        switch prefix {
        case "MOVED", "ASK":
            Reading(
                code: .redirected,
                message: "The key has moved to another node of the cluster faster than it could be followed; try again in a moment.")
        case "CLUSTERDOWN":
            Reading(code: .clusterDown, message: "The Redis cluster does not serve; wait for its failover or repair it.")
        case "CROSSSLOT":
            Reading(code: .refused, message: "The keys of one command must be in one slot of the cluster; send one command per key.")
        default:
            Reading(code: .busy, message: "The cluster is moving this key; try again in a moment.")
        }
    }

    private static func stateReading(of prefix: String) -> Reading {
        switch prefix {
        case "OOM":
            Reading(
                code: .outOfMemory,
                message: "Redis reached its memory limit; raise maxmemory or set an eviction policy such as allkeys-lru.",
                scriptMayHaveRun: true)
        case "READONLY":
            Reading(code: .readOnly, message: "This Redis is a read-only replica; point the URL at the primary's endpoint.")
        case "LOADING":
            Reading(code: .loading, message: "Redis is loading its data from disk; try again in a moment.")
        case "MISCONF":
            Reading(
                code: .refused,
                message: "Redis cannot save to disk and refuses writes; free its disk or set stop-writes-on-bgsave-error to no.",
                scriptMayHaveRun: true)
        case "MASTERDOWN", "NOREPLICAS":
            Reading(code: .replicaUnavailable, message: "Redis waits for its replication; check the primary and its replicas.")
        default:
            Reading(code: .busy, message: "Redis is busy with a script; try again, or end the script with SCRIPT KILL.")
        }
    }

    private static func otherReading(of server: RedisServerError) -> Reading {
        if server.text.hasPrefix("ERR max number of clients") {
            return Reading(code: .busy, message: "Redis has as many clients as it allows; raise maxclients or use fewer processes.")
        }
        if server.text.hasPrefix("ERR unknown command") {
            return Reading(code: .refused, message: "Redis does not know this command; use Redis 6.2 or newer and check renamed commands.")
        }
        return Reading(code: .refused, message: "Redis refused the command; check its arguments.", scriptMayHaveRun: true)
    }
}
