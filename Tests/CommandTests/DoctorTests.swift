import JSON
import TestSupport
import Testing

@Suite("doctor", .timeLimit(.minutes(1)))
struct DoctorTests {
    private static let nowhere = ["AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nowhere"]

    @Test("doctor --credentials names the source that is used, and no secret")
    func used() async throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIDHIDDEN", "AWS_SECRET_ACCESS_KEY": "hidden-secret", "AWS_SESSION_TOKEN": "hidden-token"]
        let tool = try CommandLineTool(environment: Self.nowhere.merging(keys) { $1 })
        let text = try await tool.run("doctor", "--credentials")
        #expect(text.exitCode == 0)
        #expect(text.output.hasPrefix("environment        used: temporary keys\nprofile            not asked\n"))
        let document = try await tool.run("doctor", "--credentials", "--json")
        #expect(document.exitCode == 0)
        #expect(try document.json["source"] == "environment")
        #expect(try document.json["temporary"] == true)
        for outcome in [text, document] {
            #expect(!(outcome.output + outcome.errors).lowercased().contains("hidden"))
        }
    }

    @Test("without credentials it says why each source has none, and fails")
    func none() async throws {
        let tool = try CommandLineTool(environment: Self.nowhere)
        let text = try await tool.run("doctor", "--credentials")
        #expect(text.exitCode == 1)
        #expect(text.output.contains("AWS_ACCESS_KEY_ID") && text.output.contains("AWS_EC2_METADATA_DISABLED"))
        #expect(text.errorLines.count == 1)
        let document = try await tool.run("doctor", "--credentials", "--json")
        #expect(document.exitCode == 1)
        #expect(try document.json["source"] == .null)
    }

    @Test("a source that does not work is what is reported")
    func broken() async throws {
        let tool = try CommandLineTool(environment: Self.nowhere.merging(["AWS_PROFILE": "ghost"]) { $1 })
        let outcome = try await tool.run("doctor", "--credentials")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("AWS_PROFILE"))
    }

    @Test("doctor of a store without services looks at what is there")
    func embedded() async throws {
        let outcome = try await CommandLineTool(environment: Self.nowhere).run("doctor", "--json")
        #expect(outcome.exitCode == 0)
        #expect(try outcome.json["healthy"] == true)
        #expect(try outcome.json["checks"]?.elements?.count == 2)
    }

    @Test("settings that are wrong are a usage error")
    func usage() async throws {
        #expect(try await CommandLineTool().run("doctor", "--store", "nothing").exitCode == 2)
    }
}
