import ArgumentParser
import Glibc
import Load
import SessionStore
import Settings

/// How the process ends.
enum Program {
    /// The version that `--version` prints.
    static let version = "0.1.0"

    /// Says what `error` is about and ends the process: help goes to standard output with 0, anything else to standard error in one sentence.
    static func end(with error: any Error) -> Never {
        let failure = Self.failure(of: error)
        guard let failure else {
            Console.print(BedrockSessions.fullMessage(for: error))
            exit(0)
        }
        if !failure.message.isEmpty { Console.complain("error: \(failure.message)") }
        exit(failure.exitCode)
    }

    /// What to say, and the exit code; nil for a request for help or the version, which is no failure.
    private static func failure(of error: any Error) -> CommandFailure? {
        switch error {
        case let failure as CommandFailure: return failure
        case let error as SessionStoreError: return CommandFailure(error)
        case let error as SettingsError: return .usage(error.description)
        case let error as Ledgers.Failure: return .failed(error.message)
        default: break
        }
        switch BedrockSessions.exitCode(for: error) {
        case .success: return nil
        case .validationFailure: return .usage(BedrockSessions.message(for: error).oneLine)
        default: return .failed(BedrockSessions.message(for: error).oneLine)
        }
    }
}

extension String {
    /// The text with its lines joined by spaces.
    fileprivate var oneLine: String {
        self.split(whereSeparator: \.isNewline).map { line in line.drop { $0 == " " } }.joined(separator: " ")
    }
}
