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
            if name == "--help" || name == "-h" {
                print(Self.usage)
                exit(0)
            }
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
                FileHandle.standardError.write(Data("not an option with its value: \(name) \(value)\n\(Self.usage)\n".utf8))
                exit(2)
            }
        }
    }

    private static var usage: String {
        """
        simulate [--seeds N] [--from N] [--workers N]    a campaign; fails on a broken promise, and when a mark was never reached
                 [--seconds N]                           goes on until so many seconds are over
        simulate --weak RULE [--seeds N] [--from N]      the same with a weakened protocol, until it is caught; fails when it is not
        simulate --seed N [--weak RULE]                  one seed with its whole history, as it happens each time
        RULE: \(WeakRule.allCases.map(\.rawValue).joined(separator: ", "))
        """
    }
}
