import ArgumentParser

/// How fast a walk goes.
struct PaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Sessions a second at most, 1 to 1000000.", valueName: "number"))
    var rate = 500
    @Option(help: ArgumentHelp("Parts of the table that are read at the same time, 1 to 64.", valueName: "number"))
    var segments = 4

    func validate() throws {
        guard (1...1_000_000).contains(self.rate) else {
            throw ValidationError("--rate is a number of sessions a second from 1 to 1000000")
        }
        guard (1...64).contains(self.segments) else { throw ValidationError("--segments is a number from 1 to 64") }
    }
}
