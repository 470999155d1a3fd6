import ChaosCampaign
import Glibc
import TestSupport

/// `chaos [SECONDS [SEED]]`: reads and writes through the cache while its servers fail, and judges what was answered. Ends with 1 when a promise was broken.
let arguments = CommandLine.arguments.dropFirst()
let seconds = arguments.first.map { Int($0) ?? 0 } ?? 300
let seed = arguments.dropFirst().first.map { UInt64($0) ?? 0 } ?? UInt64.random(in: 1...999_999_999)
guard (1...300).contains(seconds) else {
    print("usage: chaos [SECONDS, 1 to 300 [SEED]]")
    exit(64)
}
print("\(seconds) s of faults, seed \(seed)")
do {
    let report = try await ChaosRun.run(ChaosPlan(seed: seed, time: .seconds(seconds))) { phase in
        let codes = phase.codes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let errors = codes.isEmpty ? "no errors" : codes
        print("\(phase.name): \(phase.operations) operations, \(phase.acknowledged) acknowledged writes, \(errors)")
        fflush(nil)
    }
    print("\n\(report.markdown)\n")
    for phase in report.phases {
        for violation in phase.violations.prefix(10) { print("\(phase.name): \(violation)") }
    }
    guard report.isClean else {
        print("a promise was broken; seed \(seed)")
        exit(1)
    }
    print("no acknowledged write was lost, no read was older than allowed")
} catch {
    print("chaos could not run: \(error)")
    exit(2)
}
