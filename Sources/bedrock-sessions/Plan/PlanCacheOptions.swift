import ArgumentParser
import Capacity

/// What stands before the table.
struct PlanCacheOptions: ParsableArguments {
    @Option(help: PlanHelp.number("--table-name-bytes"))
    var tableNameBytes = CapacityInput().tableNameBytes
    @Option(help: PlanHelp.number("--seal-key-name-bytes"))
    var sealKeyNameBytes = CapacityInput().keyNameBytes
    @Option(help: PlanHelp.number("--near-hit-ratio"))
    var nearHitRatio = CapacityInput().nearHitRatio
    @Option(help: PlanHelp.number("--cached-share"))
    var cachedShare = CapacityInput().cachedShare
    @Option(help: PlanHelp.number("--node-memory"))
    var nodeMemory = CapacityInput().nodeMemory
    @Option(help: PlanHelp.number("--memory-used"))
    var memoryUsed = CapacityInput().memoryUsed
    @Option(help: PlanHelp.number("--replicas"))
    var replicas = CapacityInput().replicas
    @Option(help: PlanHelp.number("--commands-per-shard"))
    var commandsPerShard = CapacityInput().commandsPerShard
    @Option(help: PlanHelp.number("--units-per-script"))
    var unitsPerScript = CapacityInput().unitsPerScript
    @Option(help: ArgumentHelp("serverless, nodes or none.", valueName: "kind"))
    var cache = CapacityInput().cache
    @Flag(inversion: .prefixedNo, help: "Entries are sealed.")
    var seal = CapacityInput().isSealed
    @Option(
        help: ArgumentHelp(
            "The share of the reads that reach Redis which it answers alone. (default: what follows from turns and --revalidate-after)",
            valueName: "share"))
    var hitRatio: Double?
    @Option(help: ArgumentHelp("The age at which an entry is checked against the table, such as 60s.", valueName: "time"))
    var revalidateAfter = "60s"

    /// Puts them into the input. Throws for a time that is none.
    func apply(to input: inout CapacityInput) throws {
        input.tableNameBytes = self.tableNameBytes
        input.keyNameBytes = self.sealKeyNameBytes
        input.nearHitRatio = self.nearHitRatio
        input.cachedShare = self.cachedShare
        input.nodeMemory = self.nodeMemory
        input.memoryUsed = self.memoryUsed
        input.replicas = self.replicas
        input.commandsPerShard = self.commandsPerShard
        input.unitsPerScript = self.unitsPerScript
        input.cache = self.cache
        input.isSealed = self.seal
        input.hitRatio = self.hitRatio
        input.revalidateAfter = try PlanHelp.seconds(self.revalidateAfter, "--revalidate-after")
    }
}
