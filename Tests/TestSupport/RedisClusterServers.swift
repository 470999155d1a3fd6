import Foundation
import Glibc

/// A Redis cluster of three primaries, with a replica each unless told otherwise, on 127.0.0.1, made by redis-cli and ended with this object.
package final class RedisClusterServers: Sendable {
    /// How long a node is silent before the others take it for dead: a failover takes one to three times as long.
    package static let nodeTimeout = Duration.seconds(1)

    /// The servers, in the order of their making. Who is primary of what changes.
    package let servers: [RedisServer]
    /// What redis-cli needs to be let in.
    private let access: [String]

    /// Starts the servers, joins them, and returns when all slots are served.
    ///
    /// - Parameters:
    ///   - replicas: How many each primary has.
    ///   - options: Further command line options of the servers.
    ///   - isEncrypted: Whether they speak TLS, with clients and with each other; the options have to name the certificate then.
    ///   - access: What redis-cli needs to be let in: user, password, authority.
    package init(replicas: Int = 1, options given: [String] = [], isEncrypted: Bool = false, access: [String] = []) async throws {
        var options = [
            "--cluster-enabled", "yes", "--cluster-node-timeout", "\(Self.nodeTimeout.components.seconds * 1000)",
            "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1",
        ]
        if isEncrypted { options += ["--tls-cluster", "yes", "--tls-replication", "yes"] }
        let all = options + given
        self.access = access
        self.servers = try (0..<3 * (1 + replicas)).map { _ in
            try RedisServer(options: all, isEncrypted: isEncrypted, port: Self.freePortWithBus)
        }
        let addresses = self.servers.map { "127.0.0.1:\($0.port)" }
        try await self.manage(["create"] + addresses + ["--cluster-replicas", "\(replicas)", "--cluster-yes"])
        try await self.settle()
    }

    /// The port for the other nodes is the one for clients plus 10,000.
    private static func freePortWithBus() throws -> Int {
        for _ in 0..<200 {
            let port = try freePort()
            guard port <= 55_000, let bus = try? boundSocket(O_CLOEXEC, sharing: port + 10_000) else { continue }
            close(bus.descriptor)
            return port
        }
        throw ChildProcess.LaunchError("no free port below 55,000 whose bus port is free too")
    }

    /// Runs redis-cli on one of the servers, and answers what it printed.
    @discardableResult
    package func command(_ arguments: [String], on server: RedisServer) async throws -> String {
        let (output, _) = try await ChildProcess.run(["redis-cli", "-p", "\(server.port)"] + self.access + arguments)
        return output
    }

    /// Runs one of `redis-cli --cluster`'s commands; throws with what it printed if it fails.
    package func manage(_ arguments: [String]) async throws {
        let (output, end) = try await ChildProcess.run(["redis-cli"] + self.access + ["--cluster"] + arguments)
        guard end == .exit(code: 0) else { throw ChildProcess.LaunchError("redis-cli --cluster failed: \(output.suffix(500))") }
    }

    /// Waits until every running server agrees that all slots are served, and every replica follows its primary.
    package func settle() async throws {
        for server in self.servers where server.isRunning {
            try await until {
                let info = try await self.command(["cluster", "info"], on: server)
                guard info.contains("cluster_state:ok"), info.contains("cluster_slots_ok:16384") else { return false }
                let role = try await self.command(["role"], on: server)
                return role.hasPrefix("master") || role.contains("connected\n")
            }
        }
    }

    /// A node as CLUSTER NODES shows it.
    package struct Node: Sendable {
        package var id: String
        package var server: RedisServer
        package var isPrimary: Bool
        /// Of a replica: whose.
        package var primary: String
        /// Of a primary: how many slots.
        package var slots: Int
    }

    /// All nodes, as one of the running servers sees them.
    package func nodes() async throws -> [Node] {
        guard let witness = self.servers.first(where: { $0.isRunning }) else { return [] }
        return try await self.command(["cluster", "nodes"], on: witness).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 8, let server = self.servers.first(where: { words[1].hasPrefix("127.0.0.1:\($0.port)@") }) else {
                return nil
            }
            let slots = words[8...].reduce(0) { sum, range in
                let ends = range.split(separator: "-").compactMap { Int($0) }
                return ends.isEmpty ? sum : sum + ends[ends.count - 1] - ends[0] + 1
            }
            let flags = words[2].split(separator: ",")
            return Node(id: words[0], server: server, isPrimary: flags.contains("master"), primary: words[3], slots: slots)
        }
    }

    /// The primary of a key.
    package func owner(of key: String) async throws -> RedisServer? {
        guard let witness = self.servers.first(where: { $0.isRunning }) else { return nil }
        let slot = try await self.command(["cluster", "keyslot", key], on: witness)
        guard let number = Int(slot.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
        for line in try await self.command(["cluster", "nodes"], on: witness).split(separator: "\n") {
            let words = line.split(separator: " ")
            let isOwner = words.dropFirst(8).contains { range in
                let ends = range.split(separator: "-").compactMap { Int($0) }
                return !ends.isEmpty && (ends[0]...ends[ends.count - 1]).contains(number)
            }
            if isOwner { return self.servers.first { words[1].hasPrefix("127.0.0.1:\($0.port)@") } }
        }
        return nil
    }
}

/// Calls `isMet` until it holds, with short pauses; a cancelled task, as one past its suite's time limit is, ends it.
package func until(every pause: Duration = .milliseconds(5), _ isMet: () async throws -> Bool) async throws {
    while try await !isMet() {
        try await Task.sleep(for: pause)
    }
}
