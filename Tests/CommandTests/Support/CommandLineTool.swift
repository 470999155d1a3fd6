import Foundation
import JSON
import TestSupport

/// The built executable, run as a process of its own in a workspace.
struct CommandLineTool: Sendable {
    let workspace: TemporaryFolder
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
        self.workspace = try TemporaryFolder()
        self.environment = environment
    }

    static let executable = TestEnvironment.product("bedrock-sessions")

    /// What the process sees.
    var variables: [String: String] {
        var variables = self.environment
        variables["PATH"] = TestEnvironment.variable("PATH")
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
        let output = self.workspace.file(name + ".out")
        let errors = self.workspace.file(name + ".err")
        let process = try ChildProcess(
            [Self.executable] + arguments, environment: self.variables, directory: self.workspace.path,
            redirection: .init(input: input, output: output, errors: errors))
        guard case .exit(let code) = await process.ended() else { throw ChildProcess.LaunchError("the command was ended by a signal") }
        return Outcome(
            exitCode: code, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
}
