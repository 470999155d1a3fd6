import ArgumentParser
import Capacity
import Settings

/// What the options of `plan` say and read.
enum PlanHelp {
    /// The help of an option that is a number.
    static func number(_ name: String) -> ArgumentHelp {
        ArgumentHelp(
            stringLiteral: CapacityOption.named(name).map { $0.meaning.prefix(1).uppercased() + $0.meaning.dropFirst() + "." } ?? "")
    }

    /// A time as the variables have it, in seconds. Throws for a text that is none.
    static func seconds(_ text: String, _ option: String) throws -> Double {
        guard let duration = DurationText.parse(text) else {
            throw ValidationError("\(option) is a time with its unit, such as 60s, 12h or 30d")
        }
        return duration / .seconds(1)
    }
}

extension CapacityInput.CacheKind: ExpressibleByArgument {}
