import Foundation
import Simulation

/// What the command line asks for.
struct Options {
    var seeds: UInt64 = 5000
    var from: UInt64 = 1
    var workers = 2
    var seconds = 0
    var seed: UInt64?
    var weakness: WeakRule?

    init(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            let value = rest.popFirst() ?? ""
            let number = UInt64(value)
            switch (name, number) {
            case ("--seeds", let number?): self.seeds = number
            case ("--from", let number?): self.from = number
            case ("--workers", let number?): self.workers = max(1, Int(number))
            case ("--seconds", let number?): self.seconds = Int(number)
            case ("--seed", let number?): self.seed = number
            case ("--weak", _) where WeakRule(rawValue: value) != nil: self.weakness = WeakRule(rawValue: value)
            default:
                print("unknown: \(name) \(value)")
                let rules = WeakRule.allCases.map(\.rawValue).joined(separator: "|")
                print("--seeds N, --from N, --workers N, --seconds N, --seed N, --weak \(rules)")
                exit(2)
            }
        }
    }
}
