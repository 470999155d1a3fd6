import Foundation
import TestSupport
import Testing

@Suite("The README's own store", .timeLimit(.minutes(3)))
struct OwnStoreTests {
    @Test(
        "it compiles outside of this package, and keeps the contract", .enabled(if: TestEnvironment.expects("swiftc"), "swiftc is needed"))
    func example() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## Your own store\n").last)
        let code = try #require(section.components(separatedBy: "```swift\n").dropFirst().first?.components(separatedBy: "```").first)
        let folder = try TemporaryFolder()
        try code.write(toFile: folder.file("main.swift"), atomically: true, encoding: .utf8)

        // What the build left beside this test: modules, and the objects of what the example links. Without the name of this package only public
        // symbols can be seen.
        let build = URL(fileURLWithPath: TestEnvironment.product("")).path
        var objects: [String] = []
        for module in ["Locked", "SessionStore", "SessionStoreTesting"] {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(build)/\(module).build")
            objects += files.filter { $0.hasSuffix(".o") }.map { "\(build)/\(module).build/\($0)" }
        }
        let program = folder.file("own-store")
        let compiler = try await ChildProcess.run(
            ["swiftc", "-swift-version", "6", "-I", "\(build)/Modules", folder.file("main.swift"), "-o", program] + objects)
        #expect(compiler.end == .exit(code: 0), "\(compiler.output)")
        let (output, end) = try await ChildProcess.run([program])
        #expect(end == .exit(code: 0), "\(output)")
        #expect(output.contains("promises kept"))
    }
}
