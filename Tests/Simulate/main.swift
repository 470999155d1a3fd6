import Foundation
import Simulation

// Plays seeds of the deterministic simulation, as `make simulate` does; `--help` says how.

// Sets and dictionaries are ordered by a seed of the process, unless it is told otherwise before it begins.
if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &arguments)
    print("the program cannot start itself again: \(String(cString: strerror(errno)))")
    exit(2)
}

let options = Options(CommandLine.arguments.dropFirst())
if let seed = options.seed {
    let run = Simulation(seed: seed, weakness: options.weakness, keepsDigest: true)
    print(run.text)
    print("digest \(String(run.digest, radix: 16))")
    exit(run.holds ? 0 : 1)
}
exit(await Program(options).run() ? 0 : 1)
