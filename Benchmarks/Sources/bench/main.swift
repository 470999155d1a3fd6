// One measurement a process, so that a script can alternate between them and their peers:
//
//     bench session|get redis://HOST:PORT TASKS loop|global SECONDS|COUNTx
//     bench spread1|spread2|spread4 redis://HOST:PORT TASKS loop|global SECONDS|COUNTx
//     bench near redis://HOST:PORT TASKS loop|global SECONDS|COUNTx
//     bench invalidation redis://HOST:PORT 1 loop COUNTx
//     bench sealing redis://HOST:PORT TASKS loop|global SECONDS
//     bench getitem http://HOST:PORT TASKS loop|global SECONDS|COUNTx
//     bench write redis://HOST:PORT,http://HOST:PORT TASKS loop|global SECONDS|COUNTx
//     bench growth redis://HOST:PORT,http://HOST:PORT TASKS loop|global SECONDS|COUNTx SESSIONS FIELDS BYTES
//
// prints operations a second, microseconds of CPU an operation, and for the first two the bytes of a value; for `sealing` microseconds of CPU of a cached
// read, of one followed by the bare calls of OpenSSL that opening takes, and of one of a sealed entry, and what sealing adds in what these calls add.
// For `invalidation` the microseconds until a near cache is told of a change: median and 99 of 100.
// For `growth` rate and CPU of cached reads, then of writes, of so many sessions of so many fields with texts of so many bytes.
// With the library counting-malloc loaded (LD_PRELOAD) the third number of each is how often an operation asked for memory.
// With COUNTx (1000x) it does that many and no warm-up: the difference of two such runs is what operations cost in instructions or bytes.
//
// Synchronous at the top, because callgrind does not survive an asynchronous main: everything happens in one task.
import EventLoop
import Glibc

/// The usage above, as values.
struct Arguments: Sendable {
    var scenario: String
    var url: String
    var tasks: Int
    var onLoop: Bool
    var amount: Meter.Amount
    var shape = Shape()

    init?(_ texts: [String]) {
        guard texts.count == 6 || texts.count == 9, let tasks = Int(texts[3]), tasks > 0, let amount = Meter.Amount(texts[5]) else {
            return nil
        }
        guard texts[4] == "loop" || texts[4] == "global" else { return nil }
        (self.scenario, self.url, self.tasks) = (texts[1], texts[2], tasks)
        (self.onLoop, self.amount) = (texts[4] == "loop", amount)
        guard texts.count == 9 else { return }
        guard let shape = Shape(texts[6...]) else { return nil }
        self.shape = shape
    }
}

func run(_ arguments: Arguments, on loop: UVLoop) async throws {
    let meter = Meter(loop: loop, tasks: arguments.tasks, amount: arguments.amount)
    switch arguments.scenario {
    case "session":
        let sessions = try await CachedSessions(arguments.url, loop: loop)
        print(try await meter.measure { try await sessions.read(from: $0 * 37, until: $1) }, sessions.valueSize)
    case "get":
        let sessions = try await CachedSessions(arguments.url, loop: loop)
        print(try await meter.measure { try await sessions.get(from: $0 * 37, until: $1) }, sessions.valueSize)
    case "spread1", "spread2", "spread4":
        let loops = Int(arguments.scenario.dropFirst(6)) ?? 1
        let sessions = try await SpreadSessions(arguments.url, loop: loop, loops: loops)
        print(try await meter.measure { try await sessions.read(from: $0 * 37, until: $1) })
    case "near":
        print(try await NearSessions(arguments.url, loop: loop).measure(meter))
    case "invalidation":
        guard case .operations(let rounds) = arguments.amount else { throw Failure("invalidation takes a COUNTx") }
        print(try await NearSessions(arguments.url, loop: loop).invalidationDelay(rounds: rounds))
    case "sealing":
        print(try await SealingCost(arguments.url, loop: loop).measure(meter))
    case "getitem":
        let table = try RemoteTable(arguments.url, loop: loop)
        print(try await meter.measure { try await table.read(until: $1) })
    case "write":
        let sessions = try await WrittenSessions(arguments.url, loop: loop)
        print(try await meter.measure { try await sessions.write(from: $0 * 37, until: $1) })
    case "growth":
        let redis = try WrittenSessions.parts(arguments.url).redis
        let cached = try await CachedSessions(redis, loop: loop, shape: arguments.shape)
        let reads = try await meter.measure { try await cached.read(from: $0 * 37, until: $1) }
        let written = try await WrittenSessions(arguments.url, loop: loop, shape: arguments.shape)
        print(reads, try await meter.measure { try await written.write(from: $0 * 37, until: $1) })
    default:
        throw Failure("there is no scenario \(arguments.scenario)")
    }
}

/// What is wrong, in one sentence.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Says what is wrong where a script that keeps the output does not hide it.
func complain(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

func main() -> Int32 {
    guard let arguments = Arguments(CommandLine.arguments), let loop = try? UVLoop(name: "bench") else {
        complain(
            "usage: bench session|get|near|invalidation|sealing|getitem|write|growth URL TASKS loop|global SECONDS|COUNTx [SESSIONS FIELDS BYTES]"
        )
        return 2
    }
    let end = Door()
    let body: @Sendable () async -> Int32 = {
        do {
            try await run(arguments, on: loop)
            return 0
        } catch {
            complain("error: \(error)")
            return 1
        }
    }
    if arguments.onLoop {
        Task(executorPreference: loop) { end.open(await body()) }
    } else {
        Task { end.open(await body()) }
    }
    let code = end.wait()
    loop.shutdownAndWait()
    return code
}

exit(main())
