import ArgumentParser
import SessionStore

/// The session a command is about.
struct SessionArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The session's id: 2 to 100 of the characters 0-9 a-z A-Z . _ : -", valueName: "id"))
    var id: String

    /// The id. Throws a usage failure for a text that is none.
    var sessionID: SessionID {
        get throws(CommandFailure) {
            do throws(SessionStoreError) {
                return try SessionID(self.id)
            } catch {
                throw .usage(error.message)
            }
        }
    }
}
