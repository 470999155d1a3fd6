/// What the page says, and why.
extension CapacityPlan {
    /// All figures.
    package var sections: [CapacitySection] {
        [self.loadSection, self.tableSection, self.cacheSection, self.computeSection, self.costSection].filter { !$0.figures.isEmpty }
    }

    private func text(_ value: Double) -> String { CapacityText.number(value) }
    /// As it was given.
    private func given(_ value: Double) -> String { value >= 1000 ? CapacityText.number(value) : CapacityText.plain(value) }

    private var loadSection: CapacitySection {
        let input = self.input
        let items = input.hasUserMemory ? " of two items, the session's and the user's" : ""
        return CapacitySection(
            key: "load", title: "Load",
            figures: [
                .init(
                    "turns", "turns a second", self.turns,
                    "\(self.given(input.agents)) agents, \(self.given(input.turnsPerHour)) an hour each; peak: \(self.given(input.peakFactor)) times"
                ),
                .init("reads", "items read a second", self.reads, "\(self.given(input.readsPerTurn)) lookups a turn\(items)"),
                .init("writes", "items written a second", self.writes, "\(self.given(input.writesPerTurn)) changes a turn\(items)"),
                .init(
                    "sessions", "live sessions", self.sessions, .number,
                    "\(self.given(input.sessionsPerDay)) begun a day, each lives \(self.given(input.timeToLive)) days after its last write"),
                .init(
                    "users", "memories of users", self.users, .number, input.hasUserMemory ? "one for each agent" : "users are not known"),
            ])
    }

    private var tableSection: CapacitySection {
        let item = self.sessionItem
        return CapacitySection(
            key: "table", title: "DynamoDB, on demand",
            figures: [
                .init(
                    "item_bytes", "bytes of a session's item", item.bytes, .bytes,
                    "\(self.text(item.readUnits)) read and \(self.text(item.writeUnits)) write units; names of attributes count"),
                .init(
                    "table_reads", "consistent reads a second", self.tableReads,
                    self.isCached ? "what the cache does not answer" : "every read: nothing is cached"),
                .init(
                    "read_units", "read units a second", self.readUnits,
                    "4 KB each; eventually consistent ones would be half, and may be stale"),
                .init(
                    "write_units", "write units a second", self.writeUnits,
                    "1 KB each; \(CapacityText.percent(self.input.conflicts)) made again after a lost race"),
                .init(
                    "stored_bytes", "stored", self.storedBytes, .bytes,
                    "100 bytes more an item; expired ones stay up to \(self.text(Self.lateDeletion)) days, their removal is free"),
                .init(
                    "hot_session_reads", "table reads a second of one session", self.hotReads, .number,
                    "most that its partition key has: 3,000 units"),
                .init(
                    "hot_session_writes", "writes a second of one session", self.hotWrites, .number,
                    "most that its partition key has: 1,000 units"),
            ])
    }

    private var cacheSection: CapacitySection {
        guard self.input.cache != .none else { return CapacitySection(key: "cache", title: "", figures: []) }
        let entry = self.sessionEntry
        var figures: [CapacityFigure] = [
            .init(
                "entry_bytes", "bytes of a session's entry", entry.valueBytes, .bytes,
                self.isCached ? (self.input.isSealed ? "sealed" : "open") : "more than 64 KB: it is not cached"),
            .init("hit_ratio", "reads that Redis answers alone", self.hitRatio, .share, self.hitReason),
            .init("commands", "commands a second", self.commands, "a read 1, one that asks the table 2 more, a write 2"),
            .init(
                "cache_bytes", "memory of the entries", self.cacheMemory, .bytes,
                "\(CapacityText.number(entry.bytes)) bytes a session with its key and what Redis adds"),
        ]
        let isServerless = self.input.cache == .serverless
        if isServerless {
            figures.append(
                .init(
                    "cache_units", "processing units a second", self.cacheUnits,
                    "a GET of 1 KB is 1, a script \(self.given(self.input.unitsPerScript))"))
        }
        figures += [
            .init(
                "shards_by_memory", "shards by memory", self.shardsByMemory, .number,
                "\(self.given(self.input.nodeMemory)) GiB a node, \(CapacityText.percent(self.input.memoryUsed)) of it for entries"),
            .init(
                "shards_by_commands", "shards by commands", self.shardsByCommands, .number,
                "\(self.given(self.input.commandsPerShard)) a second each"),
            .init(
                "shards", "shards", self.shards, .number,
                (self.shardsByMemory >= self.shardsByCommands ? "memory decides" : "commands decide")
                    + (isServerless ? ", were it nodes (--cache nodes)" : "")),
        ]
        if self.input.hasLambda {
            figures.append(
                .init(
                    "connections", isServerless ? "connections" : "connections to each node", self.connections, .number,
                    "one of each busy environment" + (isServerless ? "" : "; a node takes 65,000")))
        }
        return CapacitySection(
            key: "cache", title: self.input.cache == .serverless ? "ElastiCache Serverless" : "ElastiCache nodes", figures: figures)
    }

    private var hitReason: String {
        guard self.isCached else { return "nothing is cached" }
        if self.input.hitRatio != nil { return "as given" }
        let (age, pace) = (self.given(self.input.checkedAge), self.text(3600 / self.input.turnsPerHour))
        return "the table is looked at once an entry is \(age) s old, and a turn comes in \(pace) s"
    }

    private var computeSection: CapacitySection {
        var figures: [CapacityFigure] = []
        if self.input.hasLambda {
            figures.append(.init("invocations", "invocations a second", self.invocations, "\(self.given(self.input.callsPerTurn)) a turn"))
            figures.append(
                .init(
                    "concurrency", "busy environments at the peak", self.concurrency, .number,
                    "\(self.given(self.input.invocationTime)) ms each"))
        }
        let measured = self.input.readsPerCore == nil ? "measured, docs/PERFORMANCE.md" : "as given"
        figures += [
            .init("reads_per_core", "cached reads a second of one core", self.input.cachedReadsPerCore, .number, measured),
            .init(
                "requests_per_core", "table requests a second of one core", self.input.requestsPerCore, .number,
                self.input.requestsPerCore == CapacityInput.Measured.requestsPerCore ? "measured, docs/PERFORMANCE.md" : "as given"),
            .init(
                "cores", "cores for the store at the peak", self.cores, .number,
                "in a program that links it, \(CapacityText.percent(self.input.coreUsed)) busy"),
            .init(
                "agents_per_core", "agents that one such core carries", self.agentsPerCore.rounded(.down), .number,
                "reads, requests and scripts together"),
        ]
        return CapacitySection(key: "compute", title: "Compute", figures: figures)
    }

    private var costSection: CapacitySection {
        let (cost, prices) = (CapacityCost(self), self.input.prices)
        var figures: [CapacityFigure] = [
            .init(
                "cost_writes", "DynamoDB, writes", cost.writes, .dollars, "$\(CapacityText.plain(prices.writes)) a million units"
            ),
            .init("cost_reads", "DynamoDB, reads", cost.reads, .dollars, "$\(CapacityText.plain(prices.reads)) a million units"),
            .init("cost_storage", "DynamoDB, storage", cost.storage, .dollars, "$\(CapacityText.plain(prices.storage)) a GB"),
            .init(
                "cost_backup", "DynamoDB, continuous backups", cost.backup, .dollars,
                "$\(CapacityText.plain(prices.backup)) a GB"),
        ]
        switch self.input.cache {
        case .serverless:
            figures.append(
                .init(
                    "cost_cache_data", "ElastiCache, data", cost.cacheData, .dollars,
                    "$\(CapacityText.plain(prices.cacheData)) a GB and hour, \(CapacityText.plain(prices.cacheMinimum)) GB at least"
                ))
            figures.append(
                .init(
                    "cost_cache_units", "ElastiCache, processing units", cost.cacheUnits, .dollars,
                    "$\(CapacityText.plain(prices.cacheUnits)) a million"))
        case .nodes:
            figures.append(
                .init(
                    "cost_nodes", "ElastiCache, nodes", cost.nodes, .dollars,
                    "\(self.text(self.shards * (1 + self.input.replicas))) at $\(CapacityText.plain(prices.node)) an hour"))
        case .none: break
        }
        if self.input.hasLambda {
            figures.append(
                .init(
                    "cost_requests", "Lambda, requests", cost.requests, .dollars,
                    "$\(CapacityText.plain(prices.invocations)) a million"))
            figures.append(
                .init(
                    "cost_time", "Lambda, time", cost.time, .dollars,
                    "$\(CapacityText.plain(prices.invocationTime)) a GB and second, \(self.given(self.input.lambdaMemory)) MB"))
        }
        figures.append(
            .init(
                "cost", "all of it", cost.total, .dollars,
                "\(CapacityText.dollars(cost.total / self.input.agents * 1000)) for a thousand agents"))
        return CapacitySection(key: "cost", title: "A month, US dollars", figures: figures)
    }
}
