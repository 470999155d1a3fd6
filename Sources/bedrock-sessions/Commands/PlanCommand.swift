import ArgumentParser
import Capacity
import JSON

/// `plan`
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Reckon what a deployment needs, and what it costs in a month.",
        discussion: """
            Sessions, reads a second, capacity units, memory of the cache, shards, connections, cores, dollars: arithmetic from what the options say, which \
            asks nobody. The page lists everything that was assumed, with the option that changes it. Prices are AWS's public ones of us-east-1 as of \
            \(Prices.date): they change, so look them up. docs/CAPACITY.md says how each figure comes about.

            Examples:
              bedrock-sessions plan --agents 1000000 --turns-per-hour 6
              bedrock-sessions plan --agents 20000 --turns-per-hour 120 --peak-factor 10 --cache nodes --revalidate-after 10m
              bedrock-sessions plan --agents 5000 --cache none --no-lambda --json
            """)

    @OptionGroup(title: "Traffic") var traffic: PlanTrafficOptions
    @OptionGroup(title: "Cache") var cache: PlanCacheOptions
    @OptionGroup(title: "Compute") var compute: PlanComputeOptions
    @OptionGroup(title: "Prices") var prices: PlanPriceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let problems = try self.input.problems
        if !problems.isEmpty { throw ValidationError(problems.joined(separator: "; ")) }
    }

    func run() throws {
        let input = try self.input
        guard let plan = CapacityPlan(input) else { throw CommandFailure.usage(input.problems.joined(separator: "; ")) }
        let page = CapacityPage(plan)
        if self.output.json { Console.print(page.json.encoded) } else { Console.print(page.text) }
    }

    private var input: CapacityInput {
        get throws {
            var input = CapacityInput()
            try self.traffic.apply(to: &input)
            try self.cache.apply(to: &input)
            self.compute.apply(to: &input)
            self.prices.apply(to: &input)
            return input
        }
    }
}
