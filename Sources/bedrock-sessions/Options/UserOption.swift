import ArgumentParser
import SessionStore

/// The user a command is about.
struct UserOption: ParsableArguments {
    @Option(help: ArgumentHelp("The user: 1 to 128 printable ASCII characters, without spaces, braces and #.", valueName: "id"))
    var user: String

    /// The id. Throws a usage failure for a text that is none.
    var userID: UserID {
        get throws(CommandFailure) {
            do throws(SessionStoreError) {
                return try UserID(self.user)
            } catch {
                throw .usage(error.message)
            }
        }
    }
}
