import ArgumentParser
import Packaging
import Wiring

/// `package`
struct PackageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: "Build the Lambda and write its deployment package: a zip for provided.al2023.",
        discussion: """
            Run it in a checkout of the source. The zip holds `bootstrap`, the shared libraries that Amazon Linux 2023 has not, and the licences; what would not start there is \
            refused. The same bootstrap makes the same zip, byte for byte.

            Examples:
              bedrock-sessions package --output function.zip
              bedrock-sessions package --schema openapi.json
              aws lambda create-function --runtime provided.al2023 --handler bootstrap --zip-file fileb://bootstrap.zip --function-name wallets --role ARN
            """)

    @Option(help: ArgumentHelp("Where the zip goes.", valueName: "path"))
    var output = "bootstrap.zip"
    @Option(help: ArgumentHelp("The action group's OpenAPI schema as JSON, put into the zip as schema.json.", valueName: "file"))
    var schema: String?
    @Option(help: ArgumentHelp("The function's processor: x86_64 or arm64. (default: this machine's)", valueName: "name"))
    var arch: String?
    @Option(help: ArgumentHelp("A bootstrap that is built already. (default: build one)", valueName: "file"))
    var bootstrap: String?
    @Option(help: ArgumentHelp("The checkout to build.", valueName: "folder"))
    var source = "."

    func run() throws {
        let machine = try self.machine()
        // What is wrong with it is better known now than by the function when it starts.
        if let schema { _ = try SchemaFile.schema(schema) }
        let build = FunctionBuild(source: self.source)
        do throws(PackagingError) {
            let compiler = try build.compiler()
            let program = if let bootstrap { bootstrap } else { try build.run() }
            var contents = DeploymentPackage.Contents(bootstrap: program)
            contents.machine = machine
            contents.schema = self.schema
            contents.licences = try SwiftLicences(bootstrap: program, source: self.source, compiler: compiler).files
            let package = try DeploymentPackage(contents)
            try package.write(to: self.output)
            PackageReport(package: package, machine: machine, path: self.output).print()
        } catch {
            throw CommandFailure.failed(error.description)
        }
    }

    private func machine() throws(CommandFailure) -> Machine {
        guard let arch else { return .current }
        guard let machine = Machine(argument: arch) else { throw .usage("--arch is x86_64 or arm64") }
        guard machine == .current else {
            let own = Machine.current.rawValue
            throw .usage("this machine builds for \(own) only: run `bedrock-sessions package` on a machine of \(machine.rawValue)")
        }
        return machine
    }
}
