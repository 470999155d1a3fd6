import ArgumentParser
import Capacity

/// What agents do, and what is remembered of each.
struct PlanTrafficOptions: ParsableArguments {
    @Option(help: PlanHelp.number("--agents"))
    var agents = CapacityInput().agents
    @Option(help: PlanHelp.number("--turns-per-hour"))
    var turnsPerHour = CapacityInput().turnsPerHour
    @Option(help: PlanHelp.number("--peak-factor"))
    var peakFactor = CapacityInput().peakFactor
    @Option(help: PlanHelp.number("--reads-per-turn"))
    var readsPerTurn = CapacityInput().readsPerTurn
    @Option(help: PlanHelp.number("--writes-per-turn"))
    var writesPerTurn = CapacityInput().writesPerTurn
    @Option(help: PlanHelp.number("--conflicts"))
    var conflicts = CapacityInput().conflicts
    @Option(help: PlanHelp.number("--sessions-per-day"))
    var sessionsPerDay = CapacityInput().sessionsPerDay
    @Option(help: PlanHelp.number("--session-bytes"))
    var sessionBytes = CapacityInput().sessionBytes
    @Option(help: PlanHelp.number("--fields"))
    var fields = CapacityInput().fields
    @Option(help: PlanHelp.number("--id-bytes"))
    var idBytes = CapacityInput().idBytes
    @Option(help: PlanHelp.number("--user-bytes"))
    var userBytes = CapacityInput().userBytes
    @Flag(inversion: .prefixedNo, help: "Users are known, and remembered beyond a session: two items for each lookup and change.")
    var userMemory = CapacityInput().hasUserMemory
    @Option(help: ArgumentHelp("How long a session lives after its last write, such as 30d or 12h.", valueName: "time"))
    var ttl = "30d"

    /// Puts them into the input. Throws for a time that is none.
    func apply(to input: inout CapacityInput) throws {
        input.agents = self.agents
        input.turnsPerHour = self.turnsPerHour
        input.peakFactor = self.peakFactor
        input.readsPerTurn = self.readsPerTurn
        input.writesPerTurn = self.writesPerTurn
        input.conflicts = self.conflicts
        input.sessionsPerDay = self.sessionsPerDay
        input.sessionBytes = self.sessionBytes
        input.fields = self.fields
        input.idBytes = self.idBytes
        input.userBytes = self.userBytes
        input.hasUserMemory = self.userMemory
        input.timeToLive = try PlanHelp.seconds(self.ttl, "--ttl") / 86_400
    }
}
