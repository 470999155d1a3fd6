/// One number of the input: the option that sets it, between which limits, and what it is.
package struct CapacityOption: Sendable {
    /// The option's name.
    package let name: String
    /// Where it is.
    package let path: any WritableKeyPath<CapacityInput, Double> & Sendable
    /// What it may be.
    package let range: ClosedRange<Double>
    /// What it is, for a help text and for the list of what was assumed.
    package let meaning: String

    private init(
        _ name: String, _ path: any WritableKeyPath<CapacityInput, Double> & Sendable, _ range: ClosedRange<Double>, _ meaning: String
    ) {
        (self.name, self.path, self.range, self.meaning) = (name, path, range, meaning)
    }

    /// The option of that name; every name that is asked for is in the list.
    package static func named(_ name: String) -> CapacityOption? { self.all.first { $0.name == name } }

    /// Why the number cannot be used; nil: it can.
    func problem(_ input: CapacityInput) -> String? {
        let value = input[keyPath: self.path]
        if self.range.contains(value) { return nil }
        return
            "\(self.name) is a number from \(CapacityText.plain(self.range.lowerBound)) to \(CapacityText.plain(self.range.upperBound)): \(self.meaning)"
    }

    /// All of them, in the order in which they are printed.
    package static let all: [CapacityOption] = Self.traffic + Self.sessions + Self.cache + Self.compute + Self.prices

    private static let traffic = [
        CapacityOption("--agents", \.agents, 1...1e12, "conversation partners, each with one conversation at a time"),
        CapacityOption("--turns-per-hour", \.turnsPerHour, 1e-6...1e6, "turns that each has in an hour, on the average of the month"),
        CapacityOption("--peak-factor", \.peakFactor, 1...1e4, "how many times the average the busiest minutes are"),
        CapacityOption("--reads-per-turn", \.readsPerTurn, 0...1e4, "lookups in a turn"),
        CapacityOption("--writes-per-turn", \.writesPerTurn, 0...1e4, "changes in a turn"),
        CapacityOption("--conflicts", \.conflicts, 0...10, "writes made again after a lost race, for each write"),
        CapacityOption("--sessions-per-day", \.sessionsPerDay, 0...1e5, "conversations that each agent begins in a day"),
    ]
    private static let sessions = [
        CapacityOption("--session-bytes", \.sessionBytes, 0...400_000, "bytes of the names and values of a session's fields"),
        CapacityOption("--fields", \.fields, 0...10_000, "fields of a session"),
        CapacityOption("--id-bytes", \.idBytes, 2...100, "bytes of a session id"),
        CapacityOption("--user-bytes", \.userBytes, 1...128, "bytes of a user's id"),
        CapacityOption("--ttl", \.timeToLive, 1.0 / 86_400...3650, "days that a session lives after its last write"),
    ]
    private static let cache = [
        CapacityOption("--table-name-bytes", \.tableNameBytes, 1...255, "bytes of the table's name, which each key carries"),
        CapacityOption("--seal-key-name-bytes", \.keyNameBytes, 1...32, "bytes of the seal key's name"),
        CapacityOption("--revalidate-after", \.revalidateAfter, 1...86_400, "age in seconds at which an entry is checked"),
        CapacityOption("--near-hit-ratio", \.nearHitRatio, 0...1, "share of reads that a process's own memory answers"),
        CapacityOption("--cached-share", \.cachedShare, 0...1, "share of live sessions that Redis has room for"),
        CapacityOption("--node-memory", \.nodeMemory, 0.1...10_000, "GiB of a node; 13.07: cache.r7g.large"),
        CapacityOption("--memory-used", \.memoryUsed, 0.01...1, "share of it that entries may fill"),
        CapacityOption("--replicas", \.replicas, 0...5, "copies of each shard's primary"),
        CapacityOption("--commands-per-shard", \.commandsPerShard, 1...1e8, "commands a second that a shard is asked for"),
        CapacityOption("--units-per-script", \.unitsPerScript, 1...1000, "ElastiCache units of a script; a GET of 1 KB is 1"),
    ]
    private static let compute = [
        CapacityOption("--requests-per-core", \.requestsPerCore, 1...1e9, "requests to the table that one core makes in a second"),
        CapacityOption("--core-used", \.coreUsed, 0.01...1, "how busy a core may be at the peak"),
        CapacityOption("--calls-per-turn", \.callsPerTurn, 0...1e4, "invocations of the function in a turn"),
        CapacityOption("--invocation-ms", \.invocationTime, 1...900_000, "milliseconds that an invocation is billed"),
        CapacityOption("--lambda-memory", \.lambdaMemory, 128...10_240, "MB of the function"),
    ]
    private static let prices = [
        CapacityOption("--price-writes", \.prices.writes, 0...1e6, "DynamoDB, a million write request units"),
        CapacityOption("--price-reads", \.prices.reads, 0...1e6, "DynamoDB, a million read request units"),
        CapacityOption("--price-storage", \.prices.storage, 0...1e6, "DynamoDB, a GB for a month"),
        CapacityOption("--price-backup", \.prices.backup, 0...1e6, "DynamoDB, a GB with point-in-time recovery for a month"),
        CapacityOption("--price-cache-data", \.prices.cacheData, 0...1e6, "ElastiCache Serverless for Valkey, a GB for an hour"),
        CapacityOption("--price-cache-units", \.prices.cacheUnits, 0...1e6, "ElastiCache Serverless for Valkey, a million units"),
        CapacityOption("--cache-minimum", \.prices.cacheMinimum, 0...1e6, "GB that ElastiCache Serverless charges at least"),
        CapacityOption("--price-node", \.prices.node, 0...1e6, "a node for an hour; cache.r7g.large with Valkey"),
        CapacityOption("--price-invocations", \.prices.invocations, 0...1e6, "Lambda, a million requests"),
        CapacityOption("--price-invocation-time", \.prices.invocationTime, 0...1e6, "Lambda, a GB for a second, x86"),
    ]
}

extension CapacityInput {
    /// Everything that is wrong, each a sentence that begins with its option; empty: it can be reckoned with.
    package var problems: [String] {
        var problems = CapacityOption.all.compactMap { $0.problem(self) }
        if let hitRatio, !(0...1).contains(hitRatio) {
            problems.append("--hit-ratio is a number from 0 to 1: share of the reads that reach Redis which it answers alone")
        }
        if let readsPerCore, !(1...1e9).contains(readsPerCore) {
            problems.append("--reads-per-core is a number from 1 to 1000000000: cached reads that one core makes in a second")
        }
        if self.fields > 0, self.sessionBytes < self.fields {
            problems.append("--session-bytes is at least the number of --fields: each has a name")
        }
        if self.fields == 0, self.sessionBytes > 0 { problems.append("--fields is at least 1 where there are --session-bytes") }
        if ItemSize(keyBytes: self.idBytes, ownerBytes: self.userBytes, fieldBytes: self.sessionBytes, fields: self.fields).bytes
            > ItemSize.limit
        {
            problems.append("--session-bytes makes an item of more than 400 KB, which DynamoDB refuses")
        }
        return problems
    }
}
