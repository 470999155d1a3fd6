import CacheStore
import Redis

extension Cell {
    /// All cells. `now` is the server's time in milliseconds.
    static func all(now: Int64) -> [Cell] {
        self.readers(now: now) + self.intents(now: now) + self.publishes(now: now) + self.publishesOnIntents(now: now)
            + self.others(now: now)
    }

    private static func word(_ text: String) -> RedisReply { .bytes(bytes(text)) }

    /// The states that are not intents, by name.
    private static let plain: [(String, [UInt8])] = [
        ("live", live), ("tombstone", tombstone), ("absent", absent), ("lease", lease), ("bad", bad),
    ]

    private static func theirIntent(_ now: Int64) -> [UInt8] { self.intent([(self.theirs, now + 60_000)], highest: 3) }

    private static func readers(now: Int64) -> [Cell] {
        let none: [UInt8]? = nil
        let lease = { (seen: [UInt8]?) in [mine, bytes("3000")] + (seen.map { [$0] } ?? []) }
        let fill = [mine, entry, bytes("PX"), bytes("60000")]
        let states = self.plain + [("intent", self.theirIntent(now))]
        var cells = [
            Cell("lease on none", .lease, lease(nil), on: none, .integer(1), .lease(3000)),
            Cell("lease on none, bytes seen", .lease, lease(bad), on: none, .integer(1), .lease(3000)),
            Cell("lease on bad, these bytes", .lease, lease(bad), on: bad, .integer(1), .lease(3000)),
            Cell("lease on bad, empty", .lease, lease([]), on: [], .integer(1), .lease(3000)),
            Cell("lease on bad, other bytes", .lease, lease(bytes("others")), on: bad, .integer(0), .same),
            Cell("lease on live found expired", .lease, lease(live), on: live, .integer(1), .lease(3000)),
            Cell("fill on none", .fill, fill, on: none, .integer(0), .gone),
            Cell("fill on my lease", .fill, fill, on: bytes("R") + mine, .integer(1), .entry(60_000)),
            Cell("refresh on none", .refresh, [live, entry, bytes("PX"), bytes("60000")], on: none, .integer(0), .gone),
        ]
        for (name, state) in states {
            cells.append(Cell("lease on \(name)", .lease, lease(nil), on: state, .integer(0), .same))
            cells.append(Cell("fill on \(name)", .fill, fill, on: state, .integer(0), .same))
            let isEntry = ["live", "tombstone", "absent"].contains(name)
            let refresh = { (seen: [UInt8], new: [UInt8]) in [seen, new, bytes("PX"), bytes("60000")] }
            cells.append(
                Cell(
                    "refresh on \(name), these bytes", .refresh, refresh(state, entry), on: state, .integer(isEntry ? 1 : 0),
                    isEntry ? .entry(60_000) : .same))
            cells.append(Cell("refresh on \(name), others", .refresh, refresh(state + [0], entry), on: state, .integer(0), .same))
            cells.append(
                Cell(
                    "refresh on \(name), nothing to cache", .refresh, refresh(state, []), on: state, .integer(isEntry ? 1 : 0),
                    isEntry ? .gone : .same))
        }
        return cells
    }

    private static func intents(now: Int64) -> [Cell] {
        let arguments = [mine, bytes("15000")]
        let fresh = After.intent(highest: 0, marked: false, [mine], 15_000)
        var cells = [Cell("intent on none", .intent, arguments, on: nil, .array([.integer(1), .null]), fresh)]
        for (name, state) in self.plain {
            let isEntry = ["live", "tombstone", "absent"].contains(name)
            let reply = RedisReply.array([.integer(1), isEntry ? .bytes(state) : .null])
            cells.append(Cell("intent on \(name)", .intent, arguments, on: state, reply, fresh))
        }
        let joined = RedisReply.array([.integer(1), .null])
        return cells + [
            Cell(
                "intent on intent", .intent, arguments, on: self.theirIntent(now), joined,
                .intent(highest: 3, marked: false, [mine, theirs], 60_000)),
            Cell(
                "intent on my intent", .intent, arguments, on: self.intent([(mine, now + 60_000)], highest: 3), joined,
                .intent(highest: 3, marked: false, [mine], 15_000)),
            Cell(
                "intent on overdue intent", .intent, arguments, on: self.intent([(theirs, now - 5000), (third, now + 60_000)], highest: 3),
                joined,
                .intent(highest: 3, marked: true, [mine, third], 60_000)),
        ]
    }

    private static func publishes(now: Int64) -> [Cell] {
        let arguments = [mine, version(7), entry, bytes("PX"), bytes("60000")]
        return [Cell("publish on none", .publish, arguments, on: nil, word("none"), .gone)]
            + self.plain.map { Cell("publish on \($0)", .publish, arguments, on: $1, word("removed"), .gone) }
    }

    private static func publishesOnIntents(now: Int64) -> [Cell] {
        let arguments = [mine, version(7), entry, bytes("PX"), bytes("60000")]
        let (living, overdue) = (now + 60_000, now - 1000)
        let cell = { (name: String, before: [UInt8], reply: String, after: After) in
            Cell("publish on \(name)", .publish, arguments, on: before, word(reply), after)
        }
        return [
            cell("an intent without my token", self.theirIntent(now), "left", .intent(highest: 7, marked: false, [theirs], 60_000)),
            cell(
                "an intent without my token, higher", self.intent([(theirs, living)], highest: 9), "left",
                .intent(highest: 9, marked: false, [theirs], 60_000)),
            cell(
                "an intent with others", self.intent([(mine, living), (theirs, living)], highest: 0), "left",
                .intent(highest: 7, marked: false, [theirs], 60_000)),
            cell("my intent", self.intent([(mine, living)], highest: 0), "stored", .entry(60_000)),
            cell("my intent, lower published", self.intent([(mine, living)], highest: 6), "stored", .entry(60_000)),
            cell("my intent, higher published", self.intent([(mine, living)], highest: 8), "removed", .gone),
            cell("my intent, marked", self.intent([(mine, living)], highest: 0, marked: true), "removed", .gone),
            cell("my intent, another overdue", self.intent([(theirs, overdue), (mine, living)], highest: 0), "removed", .gone),
            cell("my intent, overdue itself", self.intent([(mine, overdue)], highest: 0), "removed", .gone),
            cell(
                "an intent of others, mine overdue", self.intent([(mine, overdue), (theirs, living)], highest: 0), "left",
                .intent(highest: 7, marked: true, [theirs], 60_000)),
            Cell(
                "publish on my intent, nothing to cache", .publish, [mine, version(7), [], bytes("PX"), bytes("1")],
                on: self.intent([(mine, living)], highest: 0), word("removed"), .gone),
            Cell(
                "publish of a version that Lua's numbers round", .publish,
                [mine, version((1 << 53) + 1), entry, bytes("PX"), bytes("60000")],
                on: self.intent([(mine, living)], highest: (1 << 53) + 2), word("removed"), .gone),
        ]
    }

    private static func others(now: Int64) -> [Cell] {
        let living = now + 60_000
        var cells = [
            Cell("withdraw on none", .withdraw, [mine], on: nil, .integer(0), .gone),
            Cell(
                "withdraw on an intent with others", .withdraw, [mine], on: self.intent([(mine, living), (theirs, living)], highest: 3),
                .integer(1),
                .intent(highest: 3, marked: false, [theirs], 60_000)),
            Cell("withdraw on my intent", .withdraw, [mine], on: self.intent([(mine, living)], highest: 3), .integer(1), .gone),
            Cell(
                "withdraw on an intent without my token", .withdraw, [mine], on: self.theirIntent(now), .integer(1),
                .intent(highest: 3, marked: false, [theirs], 60_000)),
            Cell("replay on none", .replay, [version(7)], on: nil, word("none"), .gone),
            Cell(
                "replay on intent", .replay, [version(7)], on: self.theirIntent(now), word("left"),
                .intent(highest: 7, marked: false, [theirs], 60_000)),
            Cell(
                "replay on intent, older", .replay, [version(2)], on: self.theirIntent(now), word("left"),
                .intent(highest: 3, marked: false, [theirs], 60_000)),
            Cell("replay on live, same version", .replay, [version(5)], on: live, word("newer"), .same),
            Cell("replay on live, older than it", .replay, [version(4)], on: live, word("newer"), .same),
            Cell("replay on tombstone, older than it", .replay, [version(4)], on: tombstone, word("newer"), .same),
        ]
        for (name, state) in self.plain {
            cells.append(Cell("withdraw on \(name)", .withdraw, [mine], on: state, .integer(0), .same))
            cells.append(Cell("replay on \(name)", .replay, [version(7)], on: state, word("removed"), .gone))
        }
        return cells
    }
}
