import ArgumentParser
import JSON
import SessionStore

/// `put ID FIELD=VALUE...`
struct Put: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set fields of a session and leave its others; begin the session if there is none.",
        discussion: """
            FIELD=VALUE stores a text, FIELD:=JSON a value with a type. A wallet_address is checked and remembered as `wallet set` does. \
            With --replace the given fields are all that is left.

            Examples:
              bedrock-sessions put s-1 language=en visits:=3 --user alice
              bedrock-sessions put s-1 --remove language
            """)

    @OptionGroup var session: SessionArgument
    @Argument(help: ArgumentHelp("Fields to set: FIELD=VALUE for a text, FIELD:=JSON for a value with a type.", valueName: "field=value"))
    var fields: [String] = []
    @Option(help: ArgumentHelp("A field to remove; may be given several times.", valueName: "field"))
    var remove: [String] = []
    @Flag(help: "Remove every field that is not given.")
    var replace = false
    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if self.fields.isEmpty, self.remove.isEmpty, !self.replace {
            throw ValidationError("nothing to change: give FIELD=VALUE, or --remove FIELD")
        }
        if self.replace, !self.remove.isEmpty {
            throw ValidationError("--replace removes every other field already: leave --remove out")
        }
    }

    func run() async throws {
        let (id, caller) = (try self.session.sessionID, try self.caller.caller)
        let data = try FieldAssignment.data(self.fields)
        let (removed, replaces, asJSON) = (Set(self.remove), self.replace, self.output.json)
        try await self.store.withStore { stores in
            let editor = SessionEditor(store: stores.store)
            let result =
                replaces
                ? try await editor.replace(id, with: data, as: caller)
                : try await editor.update(id, set: data, remove: removed, as: caller)
            WriteNotice.warn(about: result)
            guard let session = result.session else { return }
            if asJSON { Console.print(session.json.encoded) } else { Console.print(session.text) }
        }
    }
}
