import ArgumentParser
import Glibc
import Sealing
import Settings

/// `seal-key [KID]`
struct SealKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal-key",
        abstract: "Print a fresh key for \(SettingKey.sealKeys.rawValue).",
        discussion: """
            With keys the cache seals what Redis holds: whoever reaches Redis can neither read a session nor forge one. Keep the line where other secrets \
            are, in that variable or in a file that \(SettingKey.sealKeysFile.rawValue) names; every process that shares the cache needs it.

            To change keys without emptying the cache: add the new line behind the old one everywhere (OLD,NEW), then put it in front (NEW,OLD), then, \
            when no entry of the old key is left, remove the old one.

            Examples:
              bedrock-sessions seal-key
              bedrock-sessions seal-key blue > seal-keys
            """)

    @Argument(help: "The key's name: 1 to 32 of the characters 0-9 a-z A-Z . _ - (default: today's date)")
    var kid: String?

    func run() throws {
        do throws(SealingError) {
            Console.print(try SealKey.freshLine(id: self.kid ?? Self.today))
        } catch {
            throw error.code == .keys ? CommandFailure.usage(error.problem) : .failed(error.problem)
        }
    }

    /// The date in UTC, such as `2026-11-22`.
    private static var today: String {
        var (now, date) = (time(nil), tm())
        gmtime_r(&now, &date)
        let parts = [(Int(date.tm_year) + 1900, 4), (Int(date.tm_mon) + 1, 2), (Int(date.tm_mday), 2)]
        return parts.map { number, width in
            let digits = String(number)
            return String(repeating: "0", count: max(width - digits.count, 0)) + digits
        }.joined(separator: "-")
    }
}
