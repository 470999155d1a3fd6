/// What a month costs, in dollars. Not in it: traffic between zones, logs and metrics, keys, the agents themselves.
package struct CapacityCost: Hashable, Sendable {
    /// DynamoDB.
    package let writes, reads, storage, backup: Double
    /// ElastiCache Serverless.
    package let cacheData, cacheUnits: Double
    /// Nodes.
    package let nodes: Double
    /// Lambda.
    package let requests, time: Double

    /// By AWS's price formulas: averages, not peaks, for what is paid by use.
    package init(_ plan: CapacityPlan) {
        let (input, prices) = (plan.input, plan.input.prices)
        let millions = 3600 * CapacityPlan.hoursPerMonth / 1e6
        self.writes = plan.writeUnits.average * millions * prices.writes
        self.reads = plan.readUnits.average * millions * prices.reads
        self.storage = plan.storedBytes / 1e9 * prices.storage
        self.backup = plan.storedBytes / 1e9 * prices.backup
        let isServerless = input.cache == .serverless
        self.cacheData =
            isServerless ? max(plan.cacheMemory / 1e9, prices.cacheMinimum) * CapacityPlan.hoursPerMonth * prices.cacheData : 0
        self.cacheUnits = isServerless ? plan.cacheUnits.average * millions * prices.cacheUnits : 0
        self.nodes = input.cache == .nodes ? plan.shards * (1 + input.replicas) * CapacityPlan.hoursPerMonth * prices.node : 0
        let invocations = input.hasLambda ? plan.invocations.average * millions : 0
        self.requests = invocations * prices.invocations
        self.time = invocations * 1e6 * input.invocationTime / 1000 * input.lambdaMemory / 1024 * prices.invocationTime
    }

    /// All of it.
    package var total: Double {
        self.writes + self.reads + self.storage + self.backup + self.cacheData + self.cacheUnits + self.nodes + self.requests + self.time
    }
}
