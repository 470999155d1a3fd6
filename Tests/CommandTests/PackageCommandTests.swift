import Foundation
import JSON
import TestSupport
import Testing

@Suite("package", .timeLimit(.minutes(15)))
struct PackageCommandTests {
    private static let source = TestEnvironment.repository.path

    private static let schema = Array(
        """
        {"openapi": "3.0.0", "info": {"title": "shop", "version": "1"}, "paths": {"/nfts": {"get": {"operationId": "listNFTs",
        "description": "Lists them.", "responses": {"200": {"description": "The list."}}}}}}
        """.utf8)

    private func tool() throws -> CommandLineTool {
        // The compiler wants to know where it may keep things.
        try CommandLineTool(environment: ["HOME": TestEnvironment.variable("HOME") ?? "/tmp"])
    }

    @Test("it builds the function, prints what is in the zip and how large that is; the same bootstrap makes the same zip")
    func package() async throws {
        let tool = try self.tool()
        let schema = try tool.workspace.file("openapi.json", Self.schema)
        let first = try await tool.run("package", "--source", Self.source, "--output", "first.zip", "--schema", schema)
        try #require(first.exitCode == 0, "\(first.errors)")
        #expect(first.output.contains("bootstrap ") && first.output.contains("lib/libcurl.so.4") && first.output.contains("schema.json"))
        #expect(first.output.contains("first.zip: for ") && first.output.contains("GLIBC_2.") && !first.output.contains("GLIBC_2.35"))
        let second = try await tool.run(
            "package", "--source", Self.source, "--bootstrap", Self.source + "/.build-lambda/release/bootstrap", "--output", "second.zip",
            "--schema", schema)
        try #require(second.exitCode == 0, "\(second.errors)")
        let zips = try ["first.zip", "second.zip"].map { try Data(contentsOf: URL(fileURLWithPath: tool.workspace.file($0))) }
        #expect(zips[0] == zips[1] && zips[0].count < 12 << 20)
    }

    @Test("another machine's processor is refused with a sentence, and nothing is built")
    func otherMachine() async throws {
        #if arch(arm64)
            let other = "x86_64"
        #else
            let other = "arm64"
        #endif
        let outcome = try await self.tool().run("package", "--source", Self.source, "--arch", other)
        #expect(outcome.exitCode == 2 && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("on a machine of \(other)"))
        #expect(try await self.tool().run("package", "--arch", "sparc").errors == "error: --arch is x86_64 or arm64\n")
    }

    @Test("what cannot be packaged is refused with a sentence")
    func refusals() async throws {
        let tool = try self.tool()
        let nowhere = try await tool.run("package")
        #expect(nowhere.exitCode == 1 && nowhere.errors.contains("There is no checkout of bedrock-sessions in ."))
        // The command line itself looks for its libraries where this machine has them.
        let other = try await tool.run("package", "--source", Self.source, "--bootstrap", CommandLineTool.executable)
        #expect(other.exitCode == 1 && other.errors.contains("DT_RPATH") && other.errorLines.count == 1)
        let missing = try await tool.run("package", "--source", Self.source, "--bootstrap", "nothing")
        #expect(missing.exitCode == 1 && missing.errorLines.count == 1)
        for (name, text) in [("openapi.yaml", "openapi: 3.0.0"), ("openapi.json", "openapi: 3.0.0"), ("other.json", "[]")] {
            let schema = try tool.workspace.file(name, Array(text.utf8))
            let refused = try await tool.run("package", "--source", Self.source, "--schema", schema)
            #expect(refused.exitCode == 2 && refused.errors.contains("BEDROCK_SESSIONS_SCHEMA"), "\(name)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: tool.workspace.path).filter { $0.hasSuffix(".zip") }.isEmpty)
    }
}
