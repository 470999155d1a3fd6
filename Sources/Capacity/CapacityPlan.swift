/// What a deployment has to carry, and with what: arithmetic from a `CapacityInput`, nothing else. Rates are of a second; `peak` is the average times the peak factor.
package struct CapacityPlan: Hashable, Sendable {
    /// What it was reckoned from.
    package let input: CapacityInput

    /// A rate, on the average of the month and at its peak.
    package struct Rate: Hashable, Sendable {
        package var average: Double
        package var peak: Double

        static func * (rate: Rate, factor: Double) -> Rate { Rate(average: rate.average * factor, peak: rate.peak * factor) }
        static func + (one: Rate, other: Rate) -> Rate { Rate(average: one.average + other.average, peak: one.peak + other.peak) }
    }

    /// Hours of a month, as AWS reckons.
    package static let hoursPerMonth = 730.0
    /// Days that the table may keep an item that has expired ("Time to Live": within a few days).
    package static let lateDeletion = 2.0

    /// A plan; nil where `input.problems` has any.
    package init?(_ input: CapacityInput) {
        guard input.problems.isEmpty else { return nil }
        self.input = input
    }

    // MARK: Load

    /// Turns of conversations.
    package var turns: Rate {
        let average = self.input.agents * self.input.turnsPerHour / 3600
        return Rate(average: average, peak: average * self.input.peakFactor)
    }

    /// Items that a lookup or a change concerns: the session's, and the memory of a known user.
    package var itemsPerCall: Double { self.input.hasUserMemory ? 2 : 1 }

    /// Items that are looked up.
    package var reads: Rate { self.turns * (self.input.readsPerTurn * self.itemsPerCall) }

    /// Items that are written, each once.
    package var writes: Rate { self.turns * (self.input.writesPerTurn * self.itemsPerCall) }

    /// Sessions that are alive at a time.
    package var sessions: Double { self.input.agents * self.input.sessionsPerDay * self.input.timeToLive }

    /// Memories of users.
    package var users: Double { self.input.hasUserMemory ? self.input.agents : 0 }

    // MARK: Cache

    /// Whether entries fit into the cache, and there is one.
    package var isCached: Bool {
        self.input.cache != .none && max(self.sessionEntry.valueBytes, self.userEntry.valueBytes) <= EntryMemory.limit
    }

    /// Reads that ask Redis: those that the process's own memory does not answer.
    package var cacheReads: Rate { self.isCached ? self.reads * (1 - self.input.nearHitRatio) : .init(average: 0, peak: 0) }

    /// The share of all reads that ask the table.
    private var missShare: Double {
        guard self.isCached else { return 1 }
        let reaching = 1 - self.input.nearHitRatio
        if let hitRatio = self.input.hitRatio { return reaching * (1 - hitRatio) }
        let expected = HitRatio.expected(
            turnsPerHour: self.input.turnsPerHour, readsPerTurn: self.input.readsPerTurn, age: self.input.checkedAge)
        // What Redis has no room for is read from the table once in each turn.
        let evicted = 1 / max(self.input.readsPerTurn, 1)
        return min(reaching, (1 - expected) * self.input.cachedShare + evicted * (1 - self.input.cachedShare))
    }

    /// The share of the reads that reach Redis which it answers alone.
    package var hitRatio: Double {
        let reaching = 1 - self.input.nearHitRatio
        return self.isCached && reaching > 0 ? 1 - self.missShare / reaching : 0
    }

    /// Commands of Redis. A read is a GET; one that asks the table takes a lease and fills, two scripts; a write announces itself and publishes, two scripts.
    package var gets: Rate { self.cacheReads }
    package var scripts: Rate {
        self.isCached ? (self.tableReads + self.writes) * 2 : .init(average: 0, peak: 0)
    }
    package var commands: Rate { self.gets + self.scripts }

    /// The entry of a session, and that of a user's memory.
    package var sessionEntry: EntryMemory {
        EntryMemory(self.input, nameBytes: self.input.idBytes, ownerBytes: self.input.hasUserMemory ? self.input.userBytes : 0)
    }
    package var userEntry: EntryMemory {
        EntryMemory(self.input, nameBytes: 5 + self.input.userBytes, ownerBytes: self.input.userBytes)
    }

    /// Bytes that the entries take in Redis, those of primaries alone.
    package var cacheMemory: Double {
        guard self.isCached else { return 0 }
        return (self.sessions * self.sessionEntry.bytes + self.users * self.userEntry.bytes) * self.input.cachedShare
    }

    /// Shards that the memory needs, and those that the commands need.
    package var shardsByMemory: Double {
        (self.cacheMemory / (self.input.nodeMemory * 1_073_741_824 * self.input.memoryUsed)).rounded(.up)
    }
    package var shardsByCommands: Double { (self.commands.peak / self.input.commandsPerShard).rounded(.up) }
    package var shards: Double { self.isCached ? max(self.shardsByMemory, self.shardsByCommands, 1) : 0 }

    /// Processing units of ElastiCache Serverless: one for each KB that a command moves, one at least; scripts take more.
    package var cacheUnits: Rate {
        let kilobytes = max((self.sessionEntry.valueBytes + self.userEntry.valueBytes) / 2 / 1024, 1)
        return self.gets * kilobytes + self.scripts * (self.input.unitsPerScript * kilobytes)
    }

    // MARK: Table

    /// The item of a session, and that of a user's memory.
    package var sessionItem: ItemSize {
        ItemSize(
            keyBytes: self.input.idBytes, ownerBytes: self.input.hasUserMemory ? self.input.userBytes : 0,
            fieldBytes: self.input.sessionBytes, fields: self.input.fields)
    }
    package var userItem: ItemSize {
        ItemSize(
            keyBytes: 5 + self.input.userBytes, ownerBytes: self.input.userBytes, fieldBytes: self.input.sessionBytes,
            fields: self.input.fields)
    }

    /// Reads of the table, all of them consistent.
    package var tableReads: Rate { self.reads * self.missShare }

    /// Attempts at writes: those that lost a race cost as much.
    package var tableWrites: Rate { self.writes * (1 + self.input.conflicts) }

    /// Request units. Half of the calls are about the memory of users, where there are users.
    package var readUnits: Rate { self.tableReads * self.mean(self.sessionItem.readUnits, self.userItem.readUnits) }
    package var writeUnits: Rate { self.tableWrites * self.mean(self.sessionItem.writeUnits, self.userItem.writeUnits) }

    private func mean(_ session: Double, _ user: Double) -> Double { self.input.hasUserMemory ? (session + user) / 2 : session }

    /// Bytes that storage is charged for, with what has expired and waits to be removed.
    package var storedBytes: Double {
        let late = self.input.agents * self.input.sessionsPerDay * Self.lateDeletion
        return (self.sessions + late) * self.sessionItem.storedBytes + self.users * self.userItem.storedBytes
    }

    /// What one session may be asked in a second, whatever the table has: its partition key's limits.
    package var hotReads: Double { ItemSize.partitionReadUnits / self.sessionItem.readUnits }
    package var hotWrites: Double { ItemSize.partitionWriteUnits / self.sessionItem.writeUnits }

    // MARK: Compute

    /// Invocations of the function.
    package var invocations: Rate { self.turns * self.input.callsPerTurn }

    /// Environments of the function that are busy at a time.
    package var concurrency: Double { (self.invocations.peak * self.input.invocationTime / 1000).rounded(.up) }

    /// Connections to each node at the peak: one of each environment.
    package var connections: Double { self.isCached ? self.concurrency : 0 }

    /// Seconds of a core that the store's work takes in a second of the peak: cached reads, requests to the table, scripts.
    package var coreSeconds: Double {
        self.reads.peak * (self.isCached ? self.input.nearHitRatio : 0) / CapacityInput.Measured.nearReadsPerCore
            + self.commands.peak / self.input.cachedReadsPerCore
            + (self.tableReads.peak + self.tableWrites.peak) / self.input.requestsPerCore
    }

    /// Cores for the store's work in a program that links the library, as busy as they may be.
    package var cores: Double { (self.coreSeconds / self.input.coreUsed).rounded(.up) }

    /// Agents that one such core carries.
    package var agentsPerCore: Double { self.coreSeconds > 0 ? self.input.agents * self.input.coreUsed / self.coreSeconds : 0 }
}
