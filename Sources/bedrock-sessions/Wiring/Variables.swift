import Configuration
import Locked
import SystemPackage

/// The variables that this process is configured with, from swift-configuration's providers: its environment, and behind it the file that
/// `BEDROCK_SESSIONS_CONFIG` names. Options of a command come before both.
enum Variables {
    /// The variable that names the file.
    static let fileName = "BEDROCK_SESSIONS_CONFIG"

    /// Where a value comes from.
    enum Origin: Hashable {
        case environment
        case file
    }

    /// In the order in which they are asked.
    private static let providers = Locked<[(origin: Origin, provider: EnvironmentVariablesProvider)]>(
        [(.environment, EnvironmentVariablesProvider())])

    /// The variable's value; nil when it is unset or blank.
    @Sendable static func value(_ name: String) -> String? {
        self.found(name)?.value
    }

    /// The variable's value, and where it comes from; nil when it is unset or blank everywhere.
    static func found(_ name: String) -> (value: String, origin: Origin)? {
        for (origin, provider) in self.providers.withLock({ $0 }) {
            if let value = self.filled(try? provider.environmentValue(forName: name)) { return (value, origin) }
        }
        return nil
    }

    /// Reads the file, if one is named: a line `NAME=value` for each variable, `#` in front of a comment, as compose files have them. Throws a usage failure.
    static func readFile() async throws(CommandFailure) {
        guard let path = self.value(self.fileName) else { return }
        do {
            let file = try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
            self.providers.withLock { $0.append((.file, file)) }
        } catch {
            throw .usage("\(self.fileName) names a file that cannot be read: give one with a line NAME=value for each variable")
        }
    }

    private static func filled(_ text: String?) -> String? {
        text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }
}
