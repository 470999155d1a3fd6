import ArgumentParser
import Capacity

/// What runs it.
struct PlanComputeOptions: ParsableArguments {
    @Option(help: PlanHelp.number("--requests-per-core"))
    var requestsPerCore = CapacityInput().requestsPerCore
    @Option(help: PlanHelp.number("--core-used"))
    var coreUsed = CapacityInput().coreUsed
    @Option(help: PlanHelp.number("--calls-per-turn"))
    var callsPerTurn = CapacityInput().callsPerTurn
    @Option(help: PlanHelp.number("--invocation-ms"))
    var invocationMs = CapacityInput().invocationTime
    @Option(help: PlanHelp.number("--lambda-memory"))
    var lambdaMemory = CapacityInput().lambdaMemory
    @Flag(inversion: .prefixedNo, help: "A Lambda function carries it.")
    var lambda = CapacityInput().hasLambda
    @Option(
        help: ArgumentHelp(
            "Cached reads that one core makes in a second. (default: docs/PERFORMANCE.md's, 830000 sealed, 1660000 open)",
            valueName: "number"))
    var readsPerCore: Double?

    /// Puts them into the input.
    func apply(to input: inout CapacityInput) {
        input.requestsPerCore = self.requestsPerCore
        input.coreUsed = self.coreUsed
        input.callsPerTurn = self.callsPerTurn
        input.invocationTime = self.invocationMs
        input.lambdaMemory = self.lambdaMemory
        input.hasLambda = self.lambda
        input.readsPerCore = self.readsPerCore
    }
}
