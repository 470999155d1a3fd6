import Foundation
import Testing

/// The files at the top of the repository say the same thing where they speak of the same thing.
@Suite
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

    @Test("docker-compose accepts the stack; each service has a health check or is waited for; ports are variable")
    func compose() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["docker-compose", "-f", "docker-compose.yml", "config"]
        process.currentDirectoryURL = Self.root
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 127, ProcessInfo.processInfo.environment["CI"] == nil { return }
        #expect(process.terminationStatus == 0, "\(text)")

        let source = try Self.text("docker-compose.yml")
        for service in ["redis:", "dynamodb:", "server:"] {
            let body = try #require(source.components(separatedBy: "\n  \(service)\n").last)
            #expect(body.components(separatedBy: "\n\n").first?.contains("healthcheck:") == true, "\(service) has no health check")
        }
        #expect(source.contains("condition: service_completed_successfully"))
        let ports = source.split(separator: "\n").filter { $0.contains("- \"127.0.0.1:") }
        #expect(ports.count == 3)
        #expect(ports.allSatisfy { $0.contains("127.0.0.1:${") })
    }
}
