import ArgumentParser
import SessionStore

/// On whose behalf a command reads and writes.
struct CallerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The user on whose behalf to call. Without it the caller is nobody, who sees and changes sessions without an owner only.",
            valueName: "id"))
    var user: String?

    @Flag(help: "Call as an operator, who sees and changes every session and claims none.")
    var asOperator = false

    func validate() throws {
        if self.asOperator, self.user != nil { throw ValidationError("--user and --as-operator exclude each other: give one of them") }
    }

    /// The caller. Throws a usage failure for a user id that is none.
    var caller: Caller {
        get throws(CommandFailure) {
            if self.asOperator { return .asOperator }
            guard let user = self.user else { return .anonymous }
            do throws(SessionStoreError) {
                return .user(try UserID(user))
            } catch {
                throw .usage(error.message)
            }
        }
    }
}
