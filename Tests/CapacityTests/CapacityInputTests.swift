import Foundation
import JSON
import TestSupport
import Testing

@testable import Capacity

@Suite("What a plan is reckoned from, and its page")
struct CapacityInputTests {
    @Test("each number has its limits, and what is wrong begins with the option", arguments: CapacityOption.all.map(\.name))
    func limits(name: String) throws {
        let option = try #require(CapacityOption.named(name))
        for value in [option.range.upperBound * 1.5, -1, .nan, .infinity, -.infinity] {
            var input = CapacityInput()
            input[keyPath: option.path] = value
            let problem = try #require(input.problems.first, "\(name) \(value)")
            #expect(problem.hasPrefix("\(name) is a number from ") && problem.hasSuffix(option.meaning))
            #expect(CapacityPlan(input) == nil)
        }
    }

    @Test("every number at its limits makes a page of finite numbers, alone and all together")
    func extremes() throws {
        var inputs: [CapacityInput] = []
        for isUpper in [false, true] {
            var all = CapacityInput()
            for option in CapacityOption.all where !["--session-bytes", "--fields"].contains(option.name) {
                var input = CapacityInput()
                input[keyPath: option.path] = isUpper ? option.range.upperBound : option.range.lowerBound
                inputs.append(input)
                all[keyPath: option.path] = isUpper ? option.range.upperBound : option.range.lowerBound
            }
            inputs.append(all)
        }
        for kind in CapacityInput.CacheKind.allCases {
            for (bytes, fields) in [(0.0, 0.0), (1, 1), (390_000, 10), (390_000, 10_000), (128, 1)] {
                var input = CapacityInput()
                (input.cache, input.sessionBytes, input.fields) = (kind, bytes, fields)
                inputs.append(input)
            }
        }
        for input in inputs {
            let plan = try #require(CapacityPlan(input), "\(input.problems)")
            for figure in plan.sections.flatMap(\.figures) {
                #expect(figure.value.isFinite && figure.value >= 0 && (figure.peak ?? 0).isFinite && (figure.peak ?? 0) >= 0, "\(figure)")
            }
            let page = CapacityPage(plan)
            #expect(!page.text.contains("nan") && !page.text.contains("inf"))
            #expect(try JSONValue(parsing: page.json.encoded)["cost"]?["cost"] != nil)
        }
    }

    @Test("numbers that do not go together are refused in a sentence")
    func together() {
        func problems(_ change: (inout CapacityInput) -> Void) -> [String] {
            var input = CapacityInput()
            change(&input)
            return input.problems
        }
        #expect(problems { _ in }.isEmpty)
        #expect(problems { $0.hitRatio = 1.1 }.first?.hasPrefix("--hit-ratio ") == true)
        #expect(problems { $0.hitRatio = .nan }.count == 1)
        #expect(problems { $0.readsPerCore = 0 }.first?.hasPrefix("--reads-per-core ") == true)
        #expect(problems { ($0.sessionBytes, $0.fields) = (1, 2) }.first?.hasPrefix("--session-bytes ") == true)
        #expect(problems { ($0.sessionBytes, $0.fields) = (10, 0) }.first?.hasPrefix("--fields ") == true)
        // 400 KB are 409,600 bytes, and 10,000 members take one each.
        #expect(problems { ($0.sessionBytes, $0.fields) = (400_000, 10_000) }.first?.contains("400 KB") == true)
        #expect(problems { ($0.agents, $0.timeToLive) = (0, 0) }.count == 2, "all of it at once")
    }

    @Test("what is above a limit of AWS's is said, and nothing where nothing is")
    func advice() throws {
        func advice(_ change: (inout CapacityInput) -> Void) throws -> String {
            var input = CapacityInput()
            change(&input)
            return try #require(CapacityPlan(input)).advice.joined(separator: "\n")
        }
        let small = try advice { ($0.agents, $0.hitRatio) = (1000, 0.9) }
        #expect(
            small == "CacheMaximumGB=1 CacheMaximumECPU=1000 in deploy/bedrock_sessions_lambda.yaml: a fifth above the need\n"
                + "a concurrency of 1 for the function at the peak, and as much again while it starts")
        let large = try advice { ($0.agents, $0.turnsPerHour, $0.cache, $0.invocationTime) = (1e8, 60, .nodes, 100) }
        for sentence in ["500 nodes", "than a node takes", "40,000 units", "warm throughput", "1,000 that an account"] {
            #expect(large.contains(sentence), "\(sentence): \(large)")
        }
        #expect(try advice { $0.agents = 1e10 }.contains("5,000 GB"))
        #expect(try advice { _ in }.contains("REVALIDATE_AFTER=1h") && !(try advice { $0.revalidateAfter = 7200 }.contains("=1h")))
        #expect(try advice { ($0.cache, $0.hasLambda) = (.none, false) }.contains("a program that links the library: "))
    }

    @Test("all options have names of their own, and a meaning")
    func options() {
        #expect(Set(CapacityOption.all.map(\.name)).count == CapacityOption.all.count)
        #expect(CapacityOption.all.allSatisfy { !$0.meaning.isEmpty && $0.range.contains(CapacityInput()[keyPath: $0.path]) })
        #expect(CapacityOption.named("--nothing") == nil)
    }

    @Test("docs/CAPACITY.md shows the page of a million agents as it is")
    func document() throws {
        let text = try String(contentsOf: TestEnvironment.repository.appending(path: "docs/CAPACITY.md"), encoding: .utf8)
        let command = "    $ bedrock-sessions plan --agents 1000000 --turns-per-hour 6\n"
        let block = try #require(text.components(separatedBy: command).dropFirst().first)
        let lines = block.components(separatedBy: "\n").prefix { $0.isEmpty || $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
        let page = CapacityPage(try #require(CapacityPlan(CapacityInput()))).text
        #expect(lines.joined(separator: "\n").trimmingCharacters(in: .newlines) == page)
    }

    @Test("the numbers per core are not above what docs/PERFORMANCE.md has measured, nor far below")
    func measured() throws {
        let text = try String(contentsOf: TestEnvironment.repository.appending(path: "docs/PERFORMANCE.md"), encoding: .utf8)
        for (row, rate, isCPU) in [
            ("| session(...), entries are sealed ", CapacityInput.Measured.sealedReadsPerCore, true),
            ("| session(...), entries lie open ", CapacityInput.Measured.openReadsPerCore, true),
            ("| session(...) from this process's memory ", CapacityInput.Measured.nearReadsPerCore, false),
        ] {
            let line = try #require(text.components(separatedBy: "\n").first { $0.hasPrefix(row) }, "\(row)")
            let columns = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let measured = try #require(Double(columns[2]))
            let found = isCPU ? 1e6 / measured : measured
            #expect((0.95...2).contains(found / rate), "\(row): \(found)")
        }
    }

    @Test("numbers read well")
    func text() {
        #expect(
            [0, 5, 12.5, 99.95, 123.4, 1_234_567, 2e16].map(CapacityText.number) == [
                "0", "5", "12.5", "100.0", "123", "1,234,567", "2e+16",
            ])
        #expect(
            [0.0023, 0.0000166667, 0.1752, 13.07, 1234.5].map(CapacityText.plain) == [
                "0.0023", "0.0000166667", "0.1752", "13.07", "1234.5",
            ])
        #expect([0, 0.004, 12.345, 1105.95].map(CapacityText.dollars) == ["$0", "$0.00", "$12.35", "$1,106"])
        #expect([276, 999.7, 15.392e9, 1.5e12, 2e15].map(CapacityText.bytes) == ["276 B", "1.00 KB", "15.4 GB", "1.50 TB", "2,000 TB"])
        #expect([0.5238, 1, 0].map(CapacityText.percent) == ["52.4 %", "100 %", "0 %"])
    }
}
