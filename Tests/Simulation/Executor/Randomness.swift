internal import TestSupport

/// Every random choice of a simulation.
package struct Randomness: RandomNumberGenerator, Sendable {
    private var generator: SeededGenerator

    /// The choices of that seed.
    package init(seed: UInt64) {
        // Neighbouring seeds are to have nothing in common.
        var first = SeededGenerator(seed: seed)
        self.generator = SeededGenerator(seed: first.next())
    }

    package mutating func next() -> UInt64 { self.generator.next() }

    /// 0 to `limit` - 1.
    package mutating func below(_ limit: Int) -> Int {
        Int(truncatingIfNeeded: self.next() >> 1) % limit
    }

    /// True `count` times in `all`.
    package mutating func chance(_ count: Int, in all: Int) -> Bool {
        count > 0 && self.below(all) < count
    }

    /// One of them.
    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[self.below(elements.count)]
    }

    /// A duration in this range, in microseconds' steps.
    package mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        let (low, high) = (range.lowerBound.microseconds, range.upperBound.microseconds)
        return .microseconds(low + Int64(self.below(Int(high - low) + 1)))
    }
}
