import Glibc

/// Where values lie between the two ends of a plot. Pure.
struct Axis: Hashable, Sendable {
    var scale: Scale
    var low: Double
    var high: Double

    enum Scale: Hashable, Sendable {
        case linear
        /// Values above zero alone.
        case logarithmic
    }

    /// From nothing to at least `value`, with a round end.
    static func linear(to value: Double) -> Axis {
        let step = Self.step(of: value)
        return Axis(scale: .linear, low: 0, high: max(step, (value / step).rounded(.up) * step))
    }

    /// Whole powers of ten around these values; a decade at least.
    static func logarithmic(_ values: some Sequence<Double>) -> Axis {
        let positive = values.filter { $0 > 0 }
        let low = floor(log10(positive.min() ?? 1))
        let high = max(ceil(log10(positive.max() ?? 1)), low + 1)
        return Axis(scale: .logarithmic, low: pow(10, low), high: pow(10, high))
    }

    /// 0 at the low end, 1 at the high one; what lies outside is put at the end.
    func place(of value: Double) -> Double {
        let share =
            switch self.scale {
            case .linear: (value - self.low) / (self.high - self.low)
            case .logarithmic: value <= 0 ? 0 : log(value / self.low) / log(self.high / self.low)
            }
        return min(max(share, 0), 1)
    }

    /// Where lines go.
    var ticks: [Double] {
        switch self.scale {
        case .linear:
            let step = Self.step(of: self.high - self.low)
            return Array(stride(from: self.low, through: self.high + step / 100, by: step))
        case .logarithmic:
            let first = Int(log10(self.low).rounded()), last = Int(log10(self.high).rounded())
            return (first...max(first, last)).map { pow(10, Double($0)) }
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are three to seven of them.
    private static func step(of length: Double) -> Double {
        guard length > 0 else { return 1 }
        let power = pow(10, floor(log10(length)))
        switch length / power {
        case ..<1.5: return power / 5
        case ..<3.5: return power / 2
        default: return power
        }
    }
}
