import Adapter
import ArgumentParser
import JSON
import Settings

/// `schema FILE`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Check an action group's schema, and say what can be called and what is remembered.",
        discussion: """
            The schema is the one that the action group was created with: an OpenAPI 3.0 document or function details, in JSON, or in YAML if the file's name \
            ends with .yaml or .yml. Everything that is wrong with it is said at once, and the exit code is 1.

            With --json the schema itself is printed in JSON: a Lambda reads no YAML.

            Examples:
              bedrock-sessions schema openapi.yaml
              bedrock-sessions schema openapi.yaml --json > schema.json
            """)

    @Argument(help: ArgumentHelp("The file with the schema.", valueName: "file"))
    var file: String
    @OptionGroup var output: OutputOptions

    func run() throws {
        let document: SchemaDocument
        do throws(SettingsError) {
            document = try SchemaDocument(self.file)
        } catch {
            // Each problem begins with the name of the variable that nobody has set here.
            let prefix = "\(SettingKey.schema.rawValue): "
            let problems = error.problems.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
            throw CommandFailure.failed(problems.joined(separator: "; "))
        }
        if self.output.json { return Console.print(document.tree.encoded) }
        for route in document.schema.routes { Self.print(route) }
    }

    private static func print(_ route: ActionRoute) {
        let upstream = "\(route.method.rawValue) \(route.path.text)"
        Console.print(
            route.name + (route.name == upstream ? "" : "  calls \(upstream)")
                + (route.requiresConfirmation ? "  confirmed by the user" : ""))
        for input in route.parameters + route.bodies.flatMap(\.properties) {
            Console.print("    \(Self.line(input))")
        }
    }

    private static func line(_ input: ActionInput) -> String {
        var line = "\(input.name): \(input.type.name), in \(input.place.rawValue)"
        if input.isRequired { line += ", required" }
        if let field = ActionSchema.rememberedField(of: input) { line += ", remembered as \(field)" }
        return line
    }
}
