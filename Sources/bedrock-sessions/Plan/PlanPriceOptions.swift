import ArgumentParser
import Capacity

/// What it costs, in US dollars.
struct PlanPriceOptions: ParsableArguments {
    @Option(help: PlanHelp.number("--price-writes"))
    var priceWrites = CapacityInput().prices.writes
    @Option(help: PlanHelp.number("--price-reads"))
    var priceReads = CapacityInput().prices.reads
    @Option(help: PlanHelp.number("--price-storage"))
    var priceStorage = CapacityInput().prices.storage
    @Option(help: PlanHelp.number("--price-backup"))
    var priceBackup = CapacityInput().prices.backup
    @Option(help: PlanHelp.number("--price-cache-data"))
    var priceCacheData = CapacityInput().prices.cacheData
    @Option(help: PlanHelp.number("--price-cache-units"))
    var priceCacheUnits = CapacityInput().prices.cacheUnits
    @Option(help: PlanHelp.number("--cache-minimum"))
    var cacheMinimum = CapacityInput().prices.cacheMinimum
    @Option(help: PlanHelp.number("--price-node"))
    var priceNode = CapacityInput().prices.node
    @Option(help: PlanHelp.number("--price-invocations"))
    var priceInvocations = CapacityInput().prices.invocations
    @Option(help: PlanHelp.number("--price-invocation-time"))
    var priceInvocationTime = CapacityInput().prices.invocationTime

    /// Puts them into the input.
    func apply(to input: inout CapacityInput) {
        input.prices.writes = self.priceWrites
        input.prices.reads = self.priceReads
        input.prices.storage = self.priceStorage
        input.prices.backup = self.priceBackup
        input.prices.cacheData = self.priceCacheData
        input.prices.cacheUnits = self.priceCacheUnits
        input.prices.cacheMinimum = self.cacheMinimum
        input.prices.node = self.priceNode
        input.prices.invocations = self.priceInvocations
        input.prices.invocationTime = self.priceInvocationTime
    }
}
