import ArgumentParser
import SessionStore

/// The session a command is about.
struct SessionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The session's id: 2 to 100 of the characters 0-9 a-z A-Z . _ : -", valueName: "id"))
    var id: String

    /// The id. Throws a usage failure for a text that is none.
    var sessionID: SessionID {
        get throws(CommandFailure) { try Self.sessionID(self.id) }
    }

    /// The id that a text is. Throws a usage failure for a text that is none.
    static func sessionID(_ text: String) throws(CommandFailure) -> SessionID {
        do throws(SessionStoreError) {
            return try SessionID(text)
        } catch {
            throw .usage(error.message)
        }
    }
}
