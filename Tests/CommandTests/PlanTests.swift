import Capacity
import JSON
import TestSupport
import Testing

@Suite("plan", .timeLimit(.minutes(2)))
struct PlanTests {
    @Test("a page for a person, and the same for a program")
    func page() async throws {
        let tool = try CommandLineTool()
        let page = try await tool.run("plan", "--agents", "1000000", "--turns-per-hour", "6")
        #expect(page.exitCode == 0 && page.errors == "")
        for part in ["LOAD", "DYNAMODB", "ELASTICACHE", "COMPUTE", "A MONTH", "WHAT TO SET", "ASSUMED", "check"] {
            #expect(page.output.contains(part), "\(part)")
        }
        for option in CapacityOption.all { #expect(page.output.contains("  \(option.name) "), "\(option.name)") }
        let outcome = try await tool.run("plan", "--agents", "1000000", "--turns-per-hour", "6", "--json")
        #expect(outcome.exitCode == 0)
        let json = try outcome.json
        #expect(json["load"]?["turns"]?["peak"] == .number("5000") && json["load"]?["sessions"] == .number("30000000"))
        #expect(json["assumptions"]?["agents"] == "1000000" && json["prices_as_of"] == .string(Prices.date))
    }

    /// Every number as an argument.
    private static func arguments(_ value: (CapacityOption) -> String) -> [String] {
        ["plan"]
            + CapacityOption.all.flatMap { option in
                // Two are times, with their units.
                switch option.name {
                case "--ttl": ["--ttl", "15d"]
                case "--revalidate-after": ["--revalidate-after", "30s"]
                default: [option.name, value(option)]
                }
            }
    }

    @Test("every option reaches the plan")
    func options() async throws {
        let arguments = Self.arguments { option in
            // Another number than the default, within the limits.
            let usual = CapacityInput()[keyPath: option.path]
            let half = usual * 0.5
            return "\(half >= option.range.lowerBound && usual > 0 ? half : (option.range.lowerBound + option.range.upperBound) / 2)"
        }
        let outcome = try await CommandLineTool().run(arguments + ["--json"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let set = try #require(try outcome.json["assumptions"])
        let plan = try #require(CapacityPlan(CapacityInput()))
        let unset = try #require(CapacityPage(plan).json["assumptions"])
        for option in CapacityOption.all {
            let name = String(option.name.dropFirst(2))
            #expect(set[name] != nil && set[name] != unset[name], "\(name)")
        }
    }

    @Test("what is wrong is said of all options at once, each by its name")
    func refusals() async throws {
        let tool = try CommandLineTool()
        let outcome = try await tool.run(Self.arguments { _ in "1e300" })
        #expect(outcome.exitCode == 2 && outcome.output == "" && outcome.errorLines.count == 1)
        for option in CapacityOption.all where !["--ttl", "--revalidate-after"].contains(option.name) {
            #expect(outcome.errors.contains("\(option.name) is a number from "), "\(option.name)")
        }
        let wrong = [
            ["--agents", "many"], ["--agents", "nan"], ["--ttl", "5"], ["--ttl", "20000d"], ["--revalidate-after", "2d"],
            ["--revalidate-after", "soon"],
        ]
        for arguments in wrong {
            let refused = try await tool.run(["plan"] + arguments)
            #expect(
                refused.exitCode == 2 && refused.output == "" && refused.errors.contains(arguments[0]), "\(arguments): \(refused.errors)")
        }
    }

    @Test("switches and choices reach the plan")
    func switches() async throws {
        let tool = try CommandLineTool()
        let bare = try await tool.run("plan", "--json", "--cache", "none", "--no-user-memory", "--no-lambda").json
        #expect(bare["cache"] == nil && bare["load"]?["users"] == .number("0") && bare["compute"]?["invocations"] == nil)
        let nodes = try await tool.run(
            "plan", "--json", "--cache", "nodes", "--no-seal", "--hit-ratio", "0.75", "--reads-per-core", "1000"
        ).json
        #expect(nodes["cache"]?["shards"] != nil && nodes["cache"]?["entry_bytes"] == .number("225"))
        #expect(nodes["cache"]?["hit_ratio"] == .number("0.75") && nodes["compute"]?["reads_per_core"] == .number("1000"))
        for arguments in [["--cache", "some"], ["--hit-ratio", "2"], ["--reads-per-core", "0"], ["--agents"], ["--nothing"]] {
            let refused = try await tool.run(["plan"] + arguments)
            #expect(refused.exitCode == 2 && refused.errors.contains(arguments[0]), "\(arguments): \(refused.errors)")
        }
    }
}
