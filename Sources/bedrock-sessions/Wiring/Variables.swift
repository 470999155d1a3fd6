import Configuration
import Glibc
import Locked
import SystemPackage

/// The variables that this process is configured with: its environment's, and behind them those of the file that `BEDROCK_SESSIONS_CONFIG` names.
enum Variables {
    /// The variable that names the file.
    static let fileName = "BEDROCK_SESSIONS_CONFIG"

    /// Where a value comes from.
    enum Origin: Hashable {
        case environment
        case file
    }

    private static let file = Locked<EnvironmentVariablesProvider?>(nil)

    /// The variable's value; nil when it is unset or blank.
    @Sendable static func value(_ name: String) -> String? {
        self.found(name)?.value
    }

    /// The variable's value, and where it comes from; nil when it is unset or blank in both places.
    static func found(_ name: String) -> (value: String, origin: Origin)? {
        if let value = self.filled(getenv(name).map { String(cString: $0) }) { return (value, .environment) }
        let provider = self.file.withLock { $0 }
        return self.filled(try? provider?.environmentValue(forName: name)).map { ($0, .file) }
    }

    /// Reads the file, if one is named: a line `NAME=value` for each variable, `#` in front of a comment, as compose files have them. Throws a usage failure.
    static func readFile() async throws(CommandFailure) {
        guard let path = self.filled(getenv(self.fileName).map { String(cString: $0) }) else { return }
        do {
            let provider = try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
            self.file.withLock { $0 = provider }
        } catch {
            throw .usage("\(self.fileName) names a file that cannot be read: give one with a line NAME=value for each variable")
        }
    }

    private static func filled(_ text: String?) -> String? {
        text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }
}
