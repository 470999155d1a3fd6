import Foundation
import TestSupport
import Testing

/// The files at the top of the repository say the same thing where they speak of the same thing.
@Suite(.timeLimit(.minutes(1)))
struct ComposeStackTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: self.root.appending(path: name), encoding: .utf8)
    }

    /// The value of a make variable.
    private static func variable(_ name: String, in makefile: String) throws -> String {
        let line = try #require(makefile.split(separator: "\n").first { $0.hasPrefix("\(name) :=") })
        return line.dropFirst("\(name) :=".count).trimmingCharacters(in: .whitespaces)
    }

    @Test("the Dockerfile installs the packages that `make run` installs, and builds with its command")
    func dockerfile() throws {
        let makefile = try Self.text("Makefile")
        let stage = try #require(try Self.text("Dockerfile").components(separatedBy: "\nFROM ").dropFirst().first)
        let words = stage.split { $0.isWhitespace }.map(String.init)
        let start = try #require(words.firstIndex(of: "--no-install-recommends"))
        let packages = words[(start + 1)...].prefix { $0 != "&&" }.filter { $0 != "\\" }
        #expect(try packages == Self.variable("BUILD_PACKAGES", in: makefile).split(separator: " ").map(String.init))
        let build = try Self.variable("BUILD", in: makefile)
        #expect(stage.contains("\nRUN \(build)\n"))
    }

    @Test("the Lambda's Dockerfile installs the same packages, and unzip, and makes its image of the checked package")
    func lambdaDockerfile() throws {
        let makefile = try Self.text("Makefile")
        let source = try Self.text("deploy/lambda.Dockerfile")
        let words = source.split { $0.isWhitespace }.map(String.init)
        let start = try #require(words.firstIndex(of: "--no-install-recommends"))
        let packages = words[(start + 1)...].prefix { $0 != "&&" }.filter { $0 != "\\" }
        #expect(try packages == Self.variable("BUILD_PACKAGES", in: makefile).split(separator: " ").map(String.init) + ["unzip"])
        #expect(try source.contains("\nRUN \(Self.variable("BUILD", in: makefile))\n"))
        #expect(source.contains("bedrock-sessions package --output /bootstrap.zip && unzip -q /bootstrap.zip -d /function"))
        #expect(source.contains("COPY --from=build /function/ /var/runtime/"))
    }

    @Test(
        "docker-compose accepts the stack",
        .enabled(if: TestEnvironment.expects("docker-compose"), "docker-compose is not installed; install Debian's package docker-compose"))
    func accepted() async throws {
        let (output, end) = try await ChildProcess.run(
            ["docker-compose", "-f", "docker-compose.yml", "config"], directory: Self.root.path)
        #expect(end == .exit(code: 0), "\(output)")
    }

    @Test("each service of the stack has a health check or ends by itself; what is waited for is healthy")
    func compose() throws {
        let source = try Self.text("docker-compose.yml")
        let services = try #require(source.components(separatedBy: "\nservices:\n").last).components(separatedBy: "\n\n")
        #expect(services.count == 9)
        for body in services where !body.contains("  table:\n") && !body.contains("  load:\n") {
            #expect(body.contains("healthcheck:") || body.contains("<<: *server"), "\(body.prefix(60)) has no health check")
        }
        let server = try #require(source.components(separatedBy: "x-server: &server").last?.components(separatedBy: "\n\n").first)
        #expect(server.contains("healthcheck:") && server.contains("condition: service_completed_successfully"))
        #expect(!source.contains("service_started") && !source.contains("\nname:"))
    }
}
