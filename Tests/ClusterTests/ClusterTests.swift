import EventLoop
import History
import Redis
import SessionStore
import TestSupport
import Testing

/// Makes a cluster for a suite, and ends it with the suite.
private struct OneCluster: SuiteTrait, TestScoping {
    @TaskLocal static var made: RedisClusterServers?

    @concurrent
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let cluster = try await RedisClusterServers()
        try await Self.$made.withValue(cluster) { try await function() }
    }
}

/// A real cluster, and what happens to it. One cluster for all, one test after the other: each leaves it whole.
@Suite(
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), OneCluster(), .serialized, .timeLimit(.minutes(3)))
struct ClusterTests {
    private func cluster() async throws -> RedisClusterServers { try #require(OneCluster.made) }

    @Test("one address is enough: the nodes are found, and each key's commands go to its own", arguments: [0, 5])
    func discovery(seed: Int) async throws {
        let cluster = try await self.cluster()
        try await withClient(port: cluster.servers[seed].port) { (client) async throws in
            try await client.connect()
            #expect(client.connectionState == .ready)
            #expect(client.nodes.count == 3)
            #expect(client.nodes.allSatisfy { $0.state == .ready })
            for number in 0..<200 {
                let key = bytes("found:\(number)")
                try await client.set(key, to: key)
                #expect(try await client.get(key) == key)
            }
            #expect(try await client.ping() > .zero)
            #expect(try await client.words("OBJECT ENCODING found:1") == .bytes(bytes("embstr")))
            await client.close()
            #expect(client.connectionState == .closed)
            #expect(await redisError { _ = try await client.get([1]) }?.code == .closed)
        }
    }

    @Test("a thousand commands that come before the nodes are known reach them")
    func crowdedStart() async throws {
        let cluster = try await self.cluster()
        try await withClient(port: cluster.servers[1].port) { (client) async throws in
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<1000 {
                    group.addTask(executorPreference: number % 2 == 0 ? client.loop : nil) {
                        let key = bytes("crowd:\(number)")
                        try await client.set(key, to: key)
                        let got = try await client.get(key)
                        #expect(got == key)
                    }
                }
            }
        }
    }

    @Test("a batch is split by slot and joined in order")
    func batches() async throws {
        let cluster = try await self.cluster()
        try await withClient(port: cluster.servers[2].port) { (client) async throws in
            let keys = (0..<50).map { bytes("batch:\($0)") } + [bytes("{tag}1"), bytes("{tag}2"), bytes("batch:0")]
            for key in keys.dropLast(2) { try await client.set(key, to: key) }
            let values = try await client.get(keys)
            #expect(values == keys.map { $0 == bytes("{tag}2") ? nil : $0 })
            #expect(try await client.delete(keys) == 51)
            let left = try await client.get(keys)
            #expect(left.allSatisfy { $0 == nil })
        }
    }

    @Test("a script runs on each node by its digest, and by its source where it is not known yet")
    func scripts() async throws {
        let cluster = try await self.cluster()
        try await withClient(port: cluster.servers[0].port) { (client) async throws in
            let script = RedisScript("return {KEYS[1], 'cluster'}")
            for round in 0..<30 {
                let key = bytes("script:\(round % 10)")
                let reply = try await client.eval(script, keys: [key], arguments: [])
                #expect(reply == .array([.bytes(key), .bytes(bytes("cluster"))]))
            }
        }
    }

    @Test("each node has an epoch of its own")
    func epochs() async throws {
        let cluster = try await self.cluster()
        try await withClient(port: cluster.servers[0].port) { (client) async throws in
            var epochs: Set<UInt64> = []
            for number in 0..<60 { epochs.insert(try await client.getWithEpoch(RedisKey(bytes("epoch:\(number)"))).epoch) }
            #expect(epochs.count == 3)
            #expect(!epochs.contains(0))
        }
    }

    @Test("a key whose slot is on its way is asked for where it is: ASK before, MOVED after")
    func migration() async throws {
        let cluster = try await self.cluster()
        let nodes = try await cluster.nodes()
        let owner = try #require(try await cluster.owner(of: "{m}"))
        let source = try #require(nodes.first { $0.server === owner })
        let target = try #require(nodes.first { $0.isPrimary && $0.id != source.id })
        let slot = try await cluster.command(["cluster", "keyslot", "{m}"], on: owner).filter(\.isNumber)
        let append = RedisScript("return redis.call('APPEND', KEYS[1], ARGV[1])")
        try await withClient(port: owner.port) { (client) async throws in
            try await client.set(bytes("{m}old"), to: [1])
            _ = try await client.eval(append, keys: [bytes("{m}warm")], arguments: [[1]])
            try await cluster.command(["cluster", "setslot", slot, "importing", source.id], on: target.server)
            try await cluster.command(["cluster", "setslot", slot, "migrating", target.id], on: owner)

            #expect(try await client.get(bytes("{m}old")) == [1], "still here")
            #expect(try await client.get(bytes("{m}new")) == nil, "asked for there")
            // A node that does not know the script: ASKING goes before both EVALSHA and EVAL.
            #expect(try await client.eval(append, keys: [bytes("{m}new")], arguments: [[2, 2]]) == .integer(2))
            #expect(try await client.get(bytes("{m}new")) == [2, 2])
            #expect(try await cluster.command(["exists", "{m}old"], on: owner) == "1\n")
            // Several keys, of which some have moved: TRYAGAIN, until the rest has moved as well.
            async let both = client.get([bytes("{m}old"), bytes("{m}warm"), bytes("{m}new")])
            try await cluster.command(
                ["migrate", "127.0.0.1", "\(target.server.port)", "", "0", "5000", "keys", "{m}old", "{m}warm"], on: owner)
            #expect(try await both == [[1], [1], [2, 2]])
            #expect(try await client.get(bytes("{m}old")) == [1], "moved with its slot not yet given away")

            for server in [target.server, owner] {
                try await cluster.command(["cluster", "setslot", slot, "node", target.id], on: server)
            }
            #expect(try await client.get(bytes("{m}old")) == [1], "moved")
            #expect(try await client.set(bytes("{m}old"), to: [3]))
        }
        try await cluster.manage(["fix", "127.0.0.1:\(owner.port)"])
        try await cluster.settle()
    }

    @Test("while slots move, no command fails, none is lost, none is executed twice, and the store keeps its promises")
    func reshard() async throws {
        let cluster = try await self.cluster()
        let workload = try StoreWorkload(port: cluster.servers[0].port, sessions: 400, name: "reshard")
        let ledger = CommandLedger(prefix: "ledger-reshard")
        let account = try await withClient(port: cluster.servers[0].port) { (client) async throws in
            try await workload.run(seed: 5) { workload in
                try await workload.goOn()
                try await ledger.run(on: client) {
                    let primaries = try await cluster.nodes().filter(\.isPrimary)
                    try await cluster.manage([
                        "reshard", "127.0.0.1:\(cluster.servers[0].port)", "--cluster-from", primaries[0].id, "--cluster-to",
                        primaries[1].id,
                        "--cluster-slots", "1500", "--cluster-yes",
                    ])
                }
                try await workload.goOn()
            }
            return try await ledger.close(client)
        }
        print(
            "reshard: \(workload.operations) operations, \(workload.failures) failed, \(workload.pending) pending, \(workload.hits) hits; \(account)"
        )
        #expect(workload.violations() == [])
        #expect(workload.failures == 0)
        #expect(workload.pending == 0)
        #expect(account.failed == 0)
        #expect(account.acknowledged == account.issued && account.issued > 0)
        #expect(account.lost == 0 && account.twice == 0 && account.misdelivered == 0 && account.unforeseen == 0)
        try await cluster.settle()
    }

    @Test("when a replica is made primary by hand, no command is lost or executed twice")
    func forcedFailover() async throws {
        let cluster = try await self.cluster()
        let workload = try StoreWorkload(port: cluster.servers[0].port, name: "failover")
        let ledger = CommandLedger(prefix: "ledger-failover")
        let account = try await withClient(port: cluster.servers[0].port) { (client) async throws in
            try await workload.run(seed: 6) { workload in
                try await workload.goOn()
                try await ledger.run(on: client) {
                    let replica = try #require(try await cluster.nodes().first { !$0.isPrimary })
                    // Redis gives up after five seconds when the vote fails, and tells nobody: then it is asked again.
                    var asked: ContinuousClock.Instant?
                    try await until {
                        if asked.map({ $0.duration(to: .now) > .seconds(6) }) ?? true {
                            asked = .now
                            try await cluster.command(["cluster", "failover"], on: replica.server)
                        }
                        return try await cluster.nodes().contains { $0.id == replica.id && $0.isPrimary }
                    }
                    let target = ledger.issued + 2000
                    try await until { ledger.issued >= target }
                }
                try await workload.goOn()
            }
            return try await ledger.close(client)
        }
        print(
            "failover: \(workload.operations) operations, \(workload.failures) failed, \(workload.pending) pending, \(workload.hits) hits; \(account)"
        )
        #expect(workload.violations(.acknowledged) == [])
        #expect(workload.failures == 0)
        #expect(account.acknowledged + account.failed == account.issued)
        #expect(account.lost == 0 && account.twice == 0 && account.misdelivered == 0 && account.unforeseen == 0)
        try await cluster.settle()
    }

    @Test(
        "a primary that is killed takes only its own commands with it, and its sessions are cached again soon after its replica took over")
    func killedPrimary() async throws {
        let cluster = try await self.cluster()
        let workload = try StoreWorkload(port: cluster.servers[0].port, name: "kill")
        let victim = try #require(try await cluster.owner(of: "bs1:kill:kill-0"))
        var affected: Set<SessionKey> = []
        for number in 0..<96 where try await cluster.owner(of: "bs1:kill:kill-\(number)") === victim {
            affected.insert(.session(try SessionID("kill-\(number)")))
        }
        let ledger = CommandLedger(prefix: "ledger-kill")
        let entry = try #require(cluster.servers.first { $0 !== victim })
        let clock = SystemClock()
        var recovery = Duration.zero
        let account = try await withClient(port: entry.port) { (client) async throws in
            try await workload.run(seed: 7) { workload in
                try await workload.goOn()
                try await ledger.run(on: client) {
                    await blocking { victim.kill() }
                    let died = clock.now
                    try await until { workload.hasHit(since: died, on: affected) }
                    recovery = clock.now - died
                    try await until { client.connectionState == .ready }
                }
                try await workload.goOn()
            }
            return try await ledger.close(client)
        }
        print(
            "kill: first cached read of its sessions after \(recovery); \(workload.operations) operations, \(workload.failures) failed, "
                + "\(workload.pending) pending, \(workload.hits) hits; \(account)")
        #expect(workload.violations(.bounded) == [])
        #expect(workload.failures == 0, "the store behind answers")
        #expect(recovery < RedisClusterServers.nodeTimeout * 15)
        #expect(account.twice == 0 && account.misdelivered == 0 && account.unforeseen == 0)
        #expect(account.acknowledged + account.failed == account.issued)

        try await blocking { Result { try victim.restart() } }.get()
        try await cluster.settle()
    }
}
