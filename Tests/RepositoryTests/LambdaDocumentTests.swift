import Foundation
import Packaging
import TestSupport
import Testing

@Suite("What is said about the Lambda")
struct LambdaDocumentTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: TestEnvironment.repository.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("the example of docs/LAMBDA.md is the program that the tests start")
    func example() throws {
        let snippet = try Self.text("docs/LAMBDA.md").components(separatedBy: "```swift\n").dropFirst().first?.components(
            separatedBy: "```"
        ).first
        #expect(try snippet == Self.text("Tests/ExampleFunction/main.swift"))
    }

    @Test("the benchmark starts what `bedrock-sessions package` builds")
    func benchmark() throws {
        let run = try Self.text("Benchmarks/run")
        for option in FunctionBuild.options { #expect(run.contains(option), "\(option)") }
    }

    @Test("the package holds the licences of all Swift packages that the Lambda is built from")
    func licences() throws {
        // Up to the part for the command line: what is declared before is in every build.
        let manifest = try Self.text("Package.swift").components(separatedBy: "if !lean").first ?? ""
        let packages = manifest.components(separatedBy: ".package(url: \"https://github.com/").dropFirst().compactMap {
            $0.components(separatedBy: "\"").first?.components(separatedBy: "/").last
        }
        // The load generator's is not in the Lambda.
        let expected = Set(packages).subtracting(["hdrhistogram-swift"])
        #expect(packages.count > 3 && expected == Set(SwiftLicences.packages))
    }
}
