import Foundation
import TestSupport
import Testing

@Suite("The handlers in the documents", .timeLimit(.minutes(3)))
struct ActionGroupsDocumentTests {
    @Test(
        "they compile outside of this package, and answer as it says", .enabled(if: TestEnvironment.expects("swiftc"), "swiftc is needed"),
        arguments: [("README.md", "## The agent's side\n"), ("docs/ACTION-GROUPS.md", "## Handlers of one's own\n")])
    func example(file: String, heading: String) async throws {
        let document = try String(contentsOf: TestEnvironment.repository.appending(path: file), encoding: .utf8)
        let section = try #require(document.components(separatedBy: heading).dropFirst().first)
        let code = try #require(section.components(separatedBy: "```swift\n").dropFirst().first?.components(separatedBy: "```").first)
        let folder = try TemporaryFolder()
        try code.write(toFile: folder.file("main.swift"), atomically: true, encoding: .utf8)

        // What the build left beside this test; without the name of this package only public symbols can be seen.
        let build = URL(fileURLWithPath: TestEnvironment.product("")).path
        var objects: [String] = []
        let modules = [
            "Locked", "SessionStore", "JSON", "Logging", "CoreMetrics", "ServiceContextModule", "Instrumentation", "Tracing", "Spans",
            "Adapter",
        ]
        for module in modules {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(build)/\(module).build")
            objects += files.filter { $0.hasSuffix(".o") }.map { "\(build)/\(module).build/\($0)" }
        }
        let program = folder.file("handlers")
        let compiler = try await ChildProcess.run(
            ["swiftc", "-swift-version", "6", "-I", "\(build)/Modules", folder.file("main.swift"), "-o", program] + objects)
        #expect(compiler.end == .exit(code: 0), "\(compiler.output)")
        let (output, end) = try await ChildProcess.run([program])
        #expect(end == .exit(code: 0), "\(output)")
        // The output that the code shows in its last line, if it shows one.
        let lines = code.components(separatedBy: "\n// ").dropFirst()
        if let expected = lines.last?.components(separatedBy: "...").first {
            #expect(output.contains(expected) && output.contains("10 NFTs of 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), "\(output)")
        }
    }
}
