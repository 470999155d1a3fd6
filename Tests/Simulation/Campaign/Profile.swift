internal import CacheStore
internal import SessionStore

/// What a seed makes of the world: who is in it, and what may befall it. Each kind of trouble is in some seeds only, so that each is also seen alone.
struct Profile: Sendable {
    var processes = 2
    var clientsPerProcess = 2
    var operationsPerClient = 8
    var sessions = 1
    var hasOwners = false
    var isSealed = false
    var thinkTime: Duration = .milliseconds(5)
    var timeToLive: Duration = .seconds(3600)
    var revalidateAfter: Duration = .seconds(60)
    var skew: Duration = .zero
    /// What a write may take; its intent lasts three times as long.
    var writeBudget: Duration = .seconds(5)
    var isInline = false
    var isConsistent = false
    var opensEarly = false
    var tellsOldItem = true
    var hidesEpoch = false
    var ordersCommands = true

    // How many of a thousand requests meet these.
    var slowRedis = 0
    var lostCommands = 0
    var lostReplies = 0
    var brokenConnections = 0
    var refusedCommands = 0
    var slowTable = 0
    var throttles = 0
    var lostAnswers = 0
    var lateAttempts = 0
    var collisions = 0

    /// How long sessions in a process's memory answer; nil: there are no near caches.
    var nearAge: Duration?

    /// What befalls the world, and how many of a thousand operations bring one such event.
    var events: [WorldEvent] = []
    var eventRate = 0
    var cancellations = 0

    /// What the seed makes of the world; a world for one weakness is full of what brings it out.
    init(_ random: inout Randomness, weakness: WeakRule?) {
        self.init(&random)
        switch weakness {
        case .unmarkedPruning?:
            // Three writers at one session: one dies when the table has its write, one is stopped until the dead one's intent is over.
            self.becomePlain()
            self.processes = 3
            self.clientsPerProcess = 1
            self.operationsPerClient = 2 + random.below(3)
            self.slowTable = 250
            self.events = [.killWriter, .freezeWriter]
        case .keepOvertaken?:
            // Answers of Redis that are so long on their way that a whole write, and the news of it, overtake them.
            self.becomePlain()
            self.processes = 2
            self.clientsPerProcess = 2
            self.operationsPerClient = 6 + random.below(8)
            self.slowRedis = 250
            self.events = []
        default: return
        }
    }

    /// One session without an owner, read and written in quick succession, and no trouble.
    private mutating func becomePlain() {
        self.sessions = 1
        self.hasOwners = false
        self.isConsistent = false
        self.thinkTime = .milliseconds(5)
        self.revalidateAfter = .seconds(60)
        self.skew = .zero
        (self.slowRedis, self.lostCommands, self.lostReplies, self.brokenConnections, self.refusedCommands) = (0, 0, 0, 0, 0)
        (self.slowTable, self.throttles, self.lostAnswers, self.lateAttempts, self.collisions, self.cancellations) = (0, 0, 0, 0, 0, 0)
    }

    init(_ random: inout Randomness) {
        self.processes = 1 + random.below(3)
        self.clientsPerProcess = 1 + random.below(3)
        self.operationsPerClient = 4 + random.below(8)
        self.sessions = 1 + random.below(2)
        self.hasOwners = random.chance(1, in: 3)
        self.isSealed = random.chance(1, in: 8)
        self.thinkTime = random.pick([.milliseconds(1), .milliseconds(5), .milliseconds(50), .seconds(3)])
        self.timeToLive = random.pick([.seconds(3600), .seconds(3600), .seconds(150)])
        self.revalidateAfter = random.pick([.seconds(60), .seconds(60), .seconds(10), .seconds(1)])
        self.skew = random.pick([.zero, .zero, .seconds(1), .seconds(4), .seconds(30)])
        self.writeBudget = random.pick([.seconds(5), .seconds(5), .milliseconds(500)])
        self.isInline = random.chance(1, in: 4)
        self.isConsistent = random.chance(1, in: 4)
        self.opensEarly = random.chance(1, in: 2)
        self.tellsOldItem = random.chance(3, in: 4)
        self.hidesEpoch = random.chance(1, in: 6)
        self.ordersCommands = random.chance(1, in: 2)
        self.drawTrouble(&random)
    }

    private mutating func drawTrouble(_ random: inout Randomness) {
        // One seed in eight is a fair day.
        if random.chance(1, in: 8) { return }
        let rate = { (random: inout Randomness) in random.chance(1, in: 3) ? random.pick([10, 60, 250]) : 0 }
        self.slowRedis = rate(&random)
        self.lostCommands = rate(&random)
        self.lostReplies = rate(&random)
        self.brokenConnections = rate(&random)
        self.refusedCommands = rate(&random)
        self.slowTable = rate(&random)
        self.throttles = rate(&random)
        self.lostAnswers = rate(&random)
        self.lateAttempts = rate(&random)
        self.collisions = rate(&random)
        self.cancellations = rate(&random) / 2
        if random.chance(2, in: 3) {
            self.events = WorldEvent.allCases.filter { _ in random.chance(1, in: 3) }
            self.eventRate = random.pick([50, 200, 500])
        }
    }

    /// A near cache in one seed of six, drawn by itself: all other seeds are what they would be without.
    mutating func drawNearCache(seed: UInt64, weakness: WeakRule?) {
        guard weakness == nil || weakness == .keepOvertaken else { return }
        var random = Randomness(seed: seed ^ 0x6E65_6172)
        guard random.chance(1, in: 6) || weakness == .keepOvertaken else { return }
        self.nearAge = min(random.pick([.milliseconds(50), .seconds(1), .seconds(5)]), self.revalidateAfter)
        if weakness == .keepOvertaken || random.chance(1, in: 2) { self.sessions = 1 }
    }

    /// How old an answer of a near cache may be: where nothing stands in the way of invalidations, as late as these are.
    var nearBound: Duration? {
        guard let nearAge else { return nil }
        let isCalm = self.events.isEmpty && self.brokenConnections == 0
        return isCalm ? min(nearAge, Self.longestInvalidation + .milliseconds(20)) : nearAge + .milliseconds(1)
    }

    static let longestInvalidation = Duration.milliseconds(10)

    /// The breaker of the table, in each process.
    var tableBreaker: CacheConfiguration.Breaker {
        self.opensEarly ? .init(failures: 2, interval: .milliseconds(200)) : .init(failures: 5, interval: .seconds(1))
    }

    /// How long after its end an item is left to the table's own sweeper: no sooner than clocks differ, or versions could begin again below; and than
    /// what was sent while there was no item may still arrive, or it would find none once more. The service takes minutes to days, and refuses requests that
    /// were signed more than a few minutes ago.
    var sweepDelay: Duration {
        self.clockTolerance + (self.lateAttempts > 0 ? Self.latestAttempt : self.slowTable > 0 ? Self.slowestTable : .zero)
    }

    static let latestAttempt = Duration.seconds(30)
    static let slowestTable = Duration.seconds(8)

    /// By how much two clocks may differ, and a bit for what is rounded to seconds.
    var clockTolerance: Duration { self.skew * 2 + .seconds(2) }
}

/// What befalls the world at random moments.
enum WorldEvent: String, CaseIterable, Sendable {
    /// `killWriter` and `freezeWriter` strike a process at the moment at which the table executes a write of it.
    case evict, flush, failOver, restore, foreign, garbage, noMemory, cut
    case redisDown, tableDown, sweep
    case kill, killWriter, freeze, freezeWriter, stepClock
}
