import Foundation
import JSON
import TestSupport

/// The built executable, run as a process of its own in a workspace.
struct CommandLineTool: Sendable {
    let workspace: Workspace
    /// Variables beside `PATH`; nothing else of this process's environment is passed on.
    var environment: [String: String] = [:]

    /// What a run did.
    struct Outcome: Sendable {
        var exitCode: Int32
        var output: String
        var errors: String

        /// The JSON document on standard output.
        var json: JSONValue {
            get throws { try JSONValue(parsing: Array(self.output.utf8)) }
        }

        /// The lines on standard error.
        var errorLines: [String] { self.errors.split(separator: "\n").map(String.init) }
    }

    init(environment: [String: String] = [:]) throws {
        self.workspace = try Workspace()
        self.environment = environment
    }

    /// The executable, beside the test bundle.
    static var executable: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("bedrock-sessions").path
    }

    /// What the process sees.
    var variables: [String: String] {
        var variables = self.environment
        variables["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        return variables
    }

    /// Runs it to its end.
    func run(_ arguments: String..., input: [UInt8] = []) async throws -> Outcome {
        try await self.run(arguments, input: input)
    }

    /// Runs it to its end. Output goes through files: a full pipe would stop it.
    func run(_ arguments: [String], input: [UInt8] = []) async throws -> Outcome {
        let name = UUID().uuidString
        let input = try self.workspace.file(name + ".in", input)
        let output = self.workspace.path + "/" + name + ".out"
        let errors = self.workspace.path + "/" + name + ".err"
        let process = try ToolProcess(
            Self.executable, arguments, environment: self.variables, directory: self.workspace.path, input: input, output: output,
            errors: errors)
        guard case .exit(let code) = await process.end() else { throw ChildProcess.LaunchError("the command was ended by a signal") }
        return Outcome(
            exitCode: code, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
}
