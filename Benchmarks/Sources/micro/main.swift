// What the parts of a read, a write and an event take:
//
//     micro EVENT COUNT [PART]     does each part COUNT times; EVENT is a file with an agent's event
//
// prints a line for each: its name, and the allocations of one turn where the library counting-malloc is loaded (LD_PRELOAD). Under callgrind each leaves a
// file of its instructions, whose trigger bears its name (see ../marks). `Benchmarks/micro` runs it both ways. With PART it does that one and sets no marks,
// for a profile.
//
// It sees what the modules do not show: built with `-Xswiftc -enable-testing`, and with the variable that Package.swift names. Synchronous at the top,
// because callgrind does not survive an asynchronous main.
import Dispatch
import EventLoop
import Glibc
import Marks
import Synchronization

func measures(event path: String) async throws -> [Measure] {
    guard let file = fopen(path, "r") else { throw Failure("the event cannot be read") }
    defer { fclose(file) }
    var event = [UInt8](repeating: 0, count: 64 << 10)
    event.removeLast(event.count - fread(&event, 1, event.count, file))
    return try EntryMeasures().all + SigningMeasures().all + (await ActionMeasures(event: event).all)
}

func run(_ path: String, _ count: Int, only part: String?) async -> Int32 {
    do {
        let measures = try await measures(event: path)
        if let part {
            guard let measure = measures.first(where: { $0.name == part }) else { throw Failure("there is no part of this name") }
            return try await measure.turns(count) == .min ? 1 : 0
        }
        for measure in measures {
            let allocations = try await measure.run(count)
            print(measure.name, marks_counts_allocations() != 0 ? "\((allocations * 100).rounded() / 100)" : "-")
        }
        return 0
    } catch {
        let line = Array("error: \(error)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        return 1
    }
}

func main() -> Int32 {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 || arguments.count == 4, let count = Int(arguments[2]), count > 0, let loop = try? UVLoop(name: "micro")
    else {
        let line = Array("usage: micro EVENT COUNT [PART]\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        return 2
    }
    let done = DispatchSemaphore(value: 0)
    let code = Atomic<Int32>(0)
    Task(executorPreference: loop) {
        code.store(await run(arguments[1], count, only: arguments.count == 4 ? arguments[3] : nil), ordering: .relaxed)
        done.signal()
    }
    done.wait()
    loop.shutdownAndWait()
    return code.load(ordering: .relaxed)
}

exit(main())
