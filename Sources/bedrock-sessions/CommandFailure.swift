import SessionStore

/// Why a command did not do what it was asked, for a person at a terminal.
struct CommandFailure: Error, Hashable {
    /// One sentence that says what to do.
    var message: String
    /// 1: failed. 2: it cannot work as it was asked, and nothing was tried.
    var exitCode: Int32

    /// Something was tried and did not work.
    static func failed(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: 1)
    }

    /// The command line or the configuration is wrong.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: 2)
    }

    private init(message: String, exitCode: Int32) {
        self.message = message
        self.exitCode = exitCode
    }

    /// What a store refused.
    init(_ error: SessionStoreError) {
        let sentence =
            switch error.code {
            case .notOwner: "the session belongs to a user: name that user with --user, or use --as-operator"
            default: error.message
            }
        // With something underlying it was tried: a file that the system does not open, a table that DynamoDB describes otherwise.
        guard let underlying = error.underlying else {
            self = error.code == .misconfigured ? .usage(sentence) : .failed(sentence)
            return
        }
        self = .failed("\(sentence) (\(underlying))")
    }
}
