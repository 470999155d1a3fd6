import SessionStore
import Testing

@testable import Capacity

/// Worked by hand.
@Suite("A plan")
struct CapacityPlanTests {
    private func plan(_ change: (inout CapacityInput) -> Void = { _ in }) throws -> CapacityPlan {
        var input = CapacityInput()
        change(&input)
        return try #require(CapacityPlan(input), "\(input.problems)")
    }

    private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) <= abs(expected) * 1e-4 }

    @Test("an item's size is what the store's own reckoning says of it")
    func itemSize() {
        // session_id 10+36, user_id 7+36, data 4+3+120+2, expiration 10+6, version 7+8, created_at and updated_at 10+8 each, write_id 8+32.
        let item = ItemSize(keyBytes: 36, ownerBytes: 36, fieldBytes: 120, fields: 2)
        #expect(item.bytes == 325 && item.storedBytes == 425)
        #expect(ItemSize(keyBytes: 36, ownerBytes: 0, fieldBytes: 120, fields: 2).bytes == 282)
        let data = SessionValue.map([
            "wallet_address": .string(String(repeating: "x", count: 42)), "n": .string(String(repeating: "x", count: 63)),
        ])
        let names: [(String, SessionValue)] = [
            ("session_id", .string(String(repeating: "x", count: 36))), ("user_id", .string(String(repeating: "x", count: 36))),
            ("data", data),
            ("expiration", .number("1796000001")), ("version", .number("1796000000123")), ("created_at", .number("1796000000123")),
            ("updated_at", .number("1796000000123")), ("write_id", .string(String(repeating: "0", count: 32))),
        ]
        #expect(Double(names.reduce(0) { $0 + $1.0.utf8.count + $1.1.itemSize }) == item.bytes)
    }

    @Test("numbers take a byte for two digits and one more")
    func numbers() {
        #expect([1, 2, 3, 10, 13, 38].map { ItemSize.number(digits: $0) } == [2, 2, 3, 6, 8, 20])
    }

    @Test(
        "a read unit is 4 KB that are begun, a write unit 1 KB",
        arguments: [
            (1.0, 1.0, 1.0), (1024, 1, 1), (1025, 1, 2), (4096, 1, 4), (4097, 2, 5), (8192, 2, 8), (409_600, 100, 400), (0, 1, 1),
        ] as [(Double, Double, Double)])
    func units(bytes: Double, reads: Double, writes: Double) {
        let item = ItemSize(bytes: bytes)
        #expect(item.readUnits == reads && item.writeUnits == writes)
    }

    @Test("a million agents, six turns an hour")
    func million() throws {
        let plan = try self.plan()
        // 1,000,000 x 6 / 3,600; the peak is three times that. Two lookups and 0.2 changes a turn, of two items each.
        #expect(self.isNear(plan.turns.average, 1666.6667) && self.isNear(plan.turns.peak, 5000))
        #expect(self.isNear(plan.reads.average, 6666.667) && self.isNear(plan.writes.peak, 2000))
        #expect(plan.sessions == 30_000_000 && plan.users == 1_000_000)
        // A turn in 600 s, a check from 60 s on: 1 / (1 + 0.1) checks a turn, for two reads of each item.
        #expect(self.isNear(plan.hitRatio, 0.545_455))
        #expect(self.isNear(plan.tableReads.average, 3030.303) && plan.readUnits == plan.tableReads)
        #expect(self.isNear(plan.writeUnits.average, 666.6667 * 1.01))
        // GETs, and two scripts for each read that asks the table and for each write.
        #expect(self.isNear(plan.commands.average, 6666.667 + 2 * (3030.303 + 666.6667)))
        // Sealed: 45 + 1 + 36 + 16 + 1 + 120 + 6, and 51 more; in Redis 320 + 64 + 16 + 24 + 72, a user's key is longer.
        #expect(plan.sessionEntry.valueBytes == 276 && plan.sessionEntry.bytes == 496 && plan.userEntry.bytes == 512)
        #expect(plan.cacheMemory == 30e6 * 496 + 1e6 * 512)
        // Two days of expired items wait for their removal.
        #expect(plan.storedBytes == 32e6 * 425 + 1e6 * 430)
        #expect(plan.hotReads == 3000 && plan.hotWrites == 1000)
        #expect(plan.concurrency == 100 && plan.connections == 100)
        // At the peak 42,181.8 commands and 11,110.9 requests.
        #expect(self.isNear(plan.coreSeconds, 42_181.82 / 830_000 + (9090.909 + 2020) / 47_000))
        #expect(plan.cores == 1)
    }

    @Test("its cost")
    func cost() throws {
        let cost = CapacityCost(try self.plan())
        // 2.628 million seconds a month.
        #expect(self.isNear(cost.writes, 673.3333 * 2.628 * 0.625) && self.isNear(cost.reads, 3030.303 * 2.628 * 0.125))
        #expect(self.isNear(cost.storage, 14.03 * 0.25) && self.isNear(cost.backup, 14.03 * 0.2))
        #expect(self.isNear(cost.cacheData, 15.392 * 730 * 0.084))
        #expect(self.isNear(cost.cacheUnits, (6666.667 + 3 * 7393.939) * 2.628 * 0.0023))
        #expect(cost.nodes == 0)
        #expect(self.isNear(cost.requests, 4380 * 0.2) && self.isNear(cost.time, 4380e6 * 0.02 * 0.25 * 0.0000166667))
        let parts: [Double] = [1105.95, 995.4545, 3.5075, 2.806, 943.837, 174.375, 876, 365.0007]
        #expect(self.isNear(cost.total, parts.reduce(0, +)))
    }

    @Test("shards are what memory needs or what commands need, whichever is more")
    func shards() throws {
        let byMemory = try self.plan { $0.cache = .nodes }
        // 15.392 GB in nodes of 13.07 GiB, three quarters of them.
        #expect(byMemory.shardsByMemory == 2 && byMemory.shardsByCommands == 1 && byMemory.shards == 2)
        #expect(self.isNear(CapacityCost(byMemory).nodes, 4 * 730 * 0.1752))
        let byCommands = try self.plan { ($0.cache, $0.agents, $0.turnsPerHour, $0.timeToLive) = (.nodes, 1e6, 360, 1) }
        // 100,000 turns a second, 300,000 at the peak, four reads each: 1.2 million GETs alone.
        #expect(byCommands.shardsByMemory == 1 && byCommands.shards == byCommands.shardsByCommands)
        #expect(byCommands.commands.peak > 1.2e6 && byCommands.shards == (byCommands.commands.peak / 100_000).rounded(.up))
        #expect(try self.plan { ($0.cache, $0.agents) = (.nodes, 1) }.shards == 1)
    }

    @Test("without a cache every read asks the table, and nothing is paid for one")
    func noCache() throws {
        let plan = try self.plan { ($0.cache, $0.hasLambda) = (.none, false) }
        #expect(plan.tableReads == plan.reads && plan.hitRatio == 0 && plan.cacheMemory == 0 && plan.commands.peak == 0 && plan.shards == 0)
        let cost = CapacityCost(plan)
        #expect(cost.cacheData == 0 && cost.cacheUnits == 0 && cost.nodes == 0 && cost.requests == 0 && cost.time == 0)
        #expect(self.isNear(cost.reads, 6666.667 * 2.628 * 0.125))
    }

    @Test("a process's own memory and Redis answer what is given, and the table the rest")
    func ratios() throws {
        let plan = try self.plan { ($0.hitRatio, $0.nearHitRatio) = (0.9, 0.5) }
        #expect(self.isNear(plan.cacheReads.average, 3333.333) && self.isNear(plan.tableReads.average, 333.3333))
        #expect(self.isNear(plan.hitRatio, 0.9))
        #expect(try self.plan { ($0.hitRatio, $0.nearHitRatio) = (0.9, 1) }.tableReads.peak == 0)
        #expect(try self.plan { $0.hitRatio = 1 }.readUnits.peak == 0)
        // What has no room is read from the table once a turn: half of two reads.
        #expect(self.isNear(try self.plan { $0.cachedShare = 0 }.hitRatio, 0.5))
    }

    @Test("users that are not known are one item less, and no owner in it")
    func noUsers() throws {
        let plan = try self.plan { $0.hasUserMemory = false }
        #expect(self.isNear(plan.reads.average, 3333.333) && plan.users == 0)
        #expect(plan.sessionItem.bytes == 282 && plan.sessionEntry.valueBytes == 240)
    }

    @Test("large sessions cost units by their size, and above 64 KB are not cached")
    func large() throws {
        let plan = try self.plan { ($0.sessionBytes, $0.fields) = (10_000, 10) }
        // Names and counters as before: 325 - 122 + 10,010.
        #expect(plan.sessionItem.bytes == 10_213 && plan.sessionItem.readUnits == 3 && plan.sessionItem.writeUnits == 10)
        #expect(plan.hotReads == 1000 && plan.hotWrites == 100)
        #expect(self.isNear(plan.readUnits.average, plan.tableReads.average * 3))
        let huge = try self.plan { ($0.sessionBytes, $0.fields) = (70_000, 10) }
        #expect(!huge.isCached && huge.tableReads == huge.reads && huge.cacheMemory == 0)
        #expect(CapacityPage(huge).text.contains("more than 64 KB: it is not cached"))
    }

    @Test("lost races cost write units")
    func conflicts() throws {
        let (none, half) = (try self.plan { $0.conflicts = 0 }, try self.plan { $0.conflicts = 0.5 })
        #expect(self.isNear(half.writeUnits.average, none.writeUnits.average * 1.5) && half.writes == none.writes)
    }

    @Test("the cache answers more the faster turns come, the later entries are checked, and the more is read in a turn")
    func hitRatio() {
        func ratio(_ turns: Double, _ reads: Double, _ age: Double) -> Double {
            HitRatio.expected(turnsPerHour: turns, readsPerTurn: reads, age: age)
        }
        // Turns in 60 s, a check from 30 s on: a turn meets it after 30 + 60 s on the average, that is one in 1.5 turns.
        #expect(self.isNear(ratio(60, 1, 30), 1 - 1 / 1.5))
        #expect(self.isNear(ratio(60, 4, 30), 1 - 1 / 1.5 / 4))
        // Reads in every second turn are turns half as frequent.
        #expect(ratio(60, 0.5, 60) == ratio(30, 1, 60))
        #expect(ratio(1e-6, 1, 60) < 0.001 && ratio(1e6, 1, 86_400) > 0.999)
        // Where nothing is renewed ahead, as in a Lambda, an entry answers twice as long.
        var input = CapacityInput()
        #expect(input.checkedAge == 60)
        input.hasLambda = false
        #expect(input.checkedAge == 30)
    }
}
