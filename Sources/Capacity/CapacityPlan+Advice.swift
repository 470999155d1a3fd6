/// What to set, and what to look out for.
extension CapacityPlan {
    /// The table's throughput that an account has unless it asks for more ("Service, account, and table quotas").
    package static let tableQuota = 40_000.0
    /// What a new table on demand serves at once; later twice its former peak ("On-demand capacity mode").
    package static let newTableReads = 12_000.0
    package static let newTableWrites = 4000.0
    /// Concurrent executions that an account has unless it asks for more ("Lambda quotas").
    package static let lambdaQuota = 1000.0
    /// Connections of a node ("ElastiCache quotas": maxclients).
    package static let nodeConnections = 65_000.0

    /// Nodes of a cluster, replicas among them ("ElastiCache quotas").
    package static let clusterNodes = 500.0

    /// Sentences.
    package var advice: [String] { self.cacheAdvice + self.tableAdvice + self.computeAdvice }

    private var cacheAdvice: [String] {
        var advice: [String] = []
        switch self.input.cache {
        case .none: break
        case .serverless:
            let gigabytes = max((self.cacheMemory / 1e9 * 1.2).rounded(.up), 1)
            let units = max((self.cacheUnits.peak * 1.2).rounded(.up), 1000)
            advice.append(
                "CacheMaximumGB=\(CapacityText.plain(gigabytes)) CacheMaximumECPU=\(CapacityText.plain(units)) in "
                    + "deploy/bedrock_sessions_lambda.yaml: a fifth above the need"
            )
            if gigabytes > 5000 { advice.append("one ElastiCache Serverless holds 5,000 GB at most: lower --cached-share, or --ttl") }
        case .nodes:
            advice.append(
                "\(CapacityText.number(self.shards)) shards of \(CapacityText.plain(self.input.nodeMemory)) GiB with "
                    + "\(CapacityText.plain(self.input.replicas)) \(self.input.replicas == 1 ? "replica" : "replicas") each, maxmemory-policy volatile-lru"
            )
            if self.shards * (1 + self.input.replicas) > Self.clusterNodes {
                advice.append("a cluster has 500 nodes at most: larger nodes, a lower --cached-share, or several tables")
            }
        }
        if self.isCached, self.input.hitRatio == nil, self.hitRatio < 0.8, self.input.revalidateAfter < 3600 {
            var slower = self.input
            slower.revalidateAfter = 3600
            let hour = HitRatio.expected(
                turnsPerHour: slower.turnsPerHour, readsPerTurn: slower.readsPerTurn, age: slower.checkedAge)
            advice.append(
                "at this pace most turns find their entry due for a check: with BEDROCK_SESSIONS_REVALIDATE_AFTER=1h Redis would answer "
                    + "\(CapacityText.percent(hour)) alone, and a write that Redis never heard of could be overlooked for as long"
            )
        }
        if self.input.cache == .nodes, self.connections > Self.nodeConnections {
            advice.append("more connections than a node takes: put ElastiCache Serverless, or `serve`, between the functions and the cache")
        }
        return advice
    }

    private var tableAdvice: [String] {
        var advice: [String] = []
        let (reads, writes) = (self.readUnits.peak, self.writeUnits.peak)
        if reads > Self.tableQuota || writes > Self.tableQuota {
            advice.append("the peak is above the 40,000 units that a table has by default: ask AWS for more (Service Quotas, DynamoDB)")
        }
        if reads > Self.newTableReads || writes > Self.newTableWrites {
            advice.append(
                "a new table serves \(CapacityText.number(Self.newTableReads)) read and \(CapacityText.number(Self.newTableWrites)) write "
                    + "units at once: set its warm throughput before the first peak"
            )
        }
        return advice
    }

    private var computeAdvice: [String] {
        guard self.input.hasLambda else {
            return [
                "a program that links the library: \(CapacityText.number(self.cores)) cores; BEDROCK_SESSIONS_LOOPS above 1 only where a "
                    + "process needs more than one"
            ]
        }
        var advice = [
            "a concurrency of \(CapacityText.number(self.concurrency)) for the function at the peak, and as much again while it starts"
        ]
        if self.concurrency > Self.lambdaQuota {
            advice.append("that is above the 1,000 that an account has by default: ask AWS for more (Service Quotas, Lambda)")
        }
        return advice
    }
}
