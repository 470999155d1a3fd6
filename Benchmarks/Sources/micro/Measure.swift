import Marks

/// One thing that is done again and again. What it takes is counted between two marks, by whoever watches the process: callgrind, or the library
/// `counting-malloc`.
struct Measure {
    /// As in `Benchmarks/limits`, without the unit.
    var name: String
    private let body: Body

    private enum Body {
        case synchronous((Int) throws -> Int)
        case asynchronous((Int) async throws -> Int)
    }

    /// `body` is handed the number of its turn, and answers something of what it made, so that nothing is left out as unneeded.
    init(_ name: String, _ body: @escaping (Int) throws -> Int) {
        self.name = name
        self.body = .synchronous(body)
    }

    /// The same for what may wait.
    init(_ name: String, async body: @escaping (Int) async throws -> Int) {
        self.name = name
        self.body = .asynchronous(body)
    }

    /// How many allocations each of `count` turns took, after some that are not counted: the first ones make what later ones use again.
    func run(_ count: Int) async throws -> Double {
        var rest = try await self.turns(100)
        let before = marks_allocations()
        marks_begin()
        rest &+= try await self.turns(count)
        marks_end(self.name)
        let after = marks_allocations()
        // Never so; but the compiler does not know.
        guard rest != .min else { throw Failure("what was made came to nothing") }
        return Double(after - before) / Double(count)
    }

    /// Does it `count` times.
    @inline(never)
    func turns(_ count: Int) async throws -> Int {
        var rest = 0
        switch self.body {
        case .synchronous(let body): for turn in 0..<count { rest &+= try body(turn) }
        case .asynchronous(let body): for turn in 0..<count { rest &+= try await body(turn) }
        }
        return rest
    }
}

/// What is wrong, in one sentence.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
