import History
import TestSupport

/// A time in which one thing goes wrong.
struct ChaosPhase: Sendable {
    /// Which tiers it befalls.
    enum Victim: Sendable { case nobody, redis, table, both }

    let name: String
    let victim: Victim
    /// What reads promise under it, but for sessions whose writers could not tell the cache (DESIGN section 3, the table of faults).
    let guarantee: Rules.Guarantee
    /// Does it for that long and ends it.
    let run: @Sendable (ChaosWorld, Duration) async throws -> Void

    private init(
        _ name: String, _ victim: Victim, _ guarantee: Rules.Guarantee,
        _ run: @escaping @Sendable (ChaosWorld, Duration) async throws -> Void
    ) {
        (self.name, self.victim, self.guarantee, self.run) = (name, victim, guarantee, run)
    }

    /// All, in their order; the first is what the others are measured against.
    static let all =
        [Self.calm("calm")] + Self.redisNetwork + Self.redisServer + Self.redisMemory + Self.tableNetwork + [
            Self.both, Self.calm("calm again"),
        ]

    private static func calm(_ name: String) -> ChaosPhase {
        ChaosPhase(name, .nobody, .linearizable) { world, time in await world.pause(time) }
    }

    /// A fault of the proxy in front of Redis.
    private static func redis(_ name: String, _ fault: FaultProxy.Fault) -> ChaosPhase {
        // Announcements may be lost on their way: intents that never reached Redis.
        ChaosPhase(name, .redis, .acknowledged) { world, time in
            await world.redis.set(fault)
            await world.pause(time)
            await world.redis.set(.none)
        }
    }

    /// A fault of the proxy in front of the table. Redis hears everything.
    private static func table(_ name: String, _ fault: FaultProxy.Fault) -> ChaosPhase {
        ChaosPhase(name, .table, .linearizable) { world, time in
            await world.table.set(fault)
            await world.pause(time)
            await world.table.set(.none)
        }
    }

    private static let redisNetwork = [
        Self.redis("redis: 10 ms late", .delay(.milliseconds(10))),
        Self.redis("redis: 100 ms late", .delay(.milliseconds(100))),
        Self.redis("redis: byte by byte", .split(1)),
        Self.redis("redis: slow reader", .slowRead(200, every: .milliseconds(1))),
        Self.redis("redis: half-open", .halfOpen),
        Self.redis("redis: answers lost", .losingReplies),
        Self.redis("redis: refused", .refuse),
        ChaosPhase("redis: cut", .redis, .acknowledged) { world, time in
            try await Self.again(every: .milliseconds(150), for: time, world) { round in
                // In the middle of an answer, and between two.
                if round.isMultiple(of: 2) { await world.redis.set(.cutReply(after: 7 + round)) } else { await world.redis.cut() }
            }
            await world.redis.set(.none)
        },
    ]

    private static let redisServer = [
        ChaosPhase("redis: SIGKILL, restarted", .redis, .acknowledged) { world, time in
            await world.killRedis()
            await world.pause(time)
            try await world.restartRedis()
        },
        ChaosPhase("redis: FLUSHALL", .redis, .acknowledged) { world, time in
            try await Self.again(every: .milliseconds(40), for: time, world) { _ in await world.command("FLUSHALL") }
        },
        ChaosPhase("redis: DEBUG SLEEP", .redis, .acknowledged) { world, time in
            try await Self.again(every: .milliseconds(400), for: time, world) { _ in await world.command("DEBUG SLEEP 0.2") }
        },
        ChaosPhase("redis: CLIENT KILL", .redis, .acknowledged) { world, time in
            try await Self.again(every: .milliseconds(100), for: time, world) { _ in
                await world.command("CLIENT KILL TYPE normal SKIPME yes")
            }
        },
    ]

    private static let redisMemory = [
        ChaosPhase("redis: full, noeviction", .redis, .acknowledged) { world, time in
            await world.command("CONFIG SET maxmemory-policy noeviction")
            await world.command("CONFIG SET maxmemory 1")
            await world.pause(time)
            await world.command("CONFIG SET maxmemory 0")
        },
        ChaosPhase("redis: full, allkeys-lru", .redis, .acknowledged) { world, time in
            await world.command("CONFIG SET maxmemory-policy allkeys-lru")
            await world.command("CONFIG SET maxmemory-samples 1")
            await world.fill(kilobytes: 200, from: 0)
            await world.command("CONFIG SET maxmemory \(await world.usedMemory())")
            try await Self.again(every: .milliseconds(20), for: time, world) { round in
                await world.fill(kilobytes: 40, from: 1000 + 40 * round)
            }
            await world.command("CONFIG SET maxmemory 0")
        },
    ]

    private static let tableNetwork = [
        Self.table("table: 50 ms late", .delay(.milliseconds(50))), Self.table("table: byte by byte", .split(64)),
        Self.table("table: half-open", .halfOpen), Self.table("table: answers lost", .losingReplies), Self.table("table: refused", .refuse),
        ChaosPhase("table: cut", .table, .linearizable) { world, time in
            try await Self.again(every: .milliseconds(100), for: time, world) { round in
                await world.table.set(.cutReply(after: 1 + 97 * round % 600))
            }
            await world.table.set(.none)
        },
    ]

    private static let both = ChaosPhase("both: refused", .both, .acknowledged) { world, time in
        await world.redis.set(.refuse)
        await world.table.set(.refuse)
        await world.pause(time)
        await world.table.set(.none)
        await world.redis.set(.none)
    }

    /// Does something again and again, with a number from 0.
    private static func again(
        every pause: Duration, for time: Duration, _ world: ChaosWorld, _ body: (Int) async throws -> Void
    ) async throws {
        let clock = ContinuousClock()
        let end = clock.now + time
        var round = 0
        while clock.now < end {
            try await body(round)
            await world.pause(pause)
            round += 1
        }
    }
}
