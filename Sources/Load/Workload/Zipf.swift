import Glibc

/// Draws ranks 1...n, rank k with a probability in proportion to 1/k^exponent, in constant time and without a table.
///
/// Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6 (1996): a point under the
/// continuous envelope is drawn by inversion and its nearest rank taken, or refused and drawn anew (less than twice on average).
package struct Zipf: Sendable {
    private let exponent: Double
    private let count: Double
    /// The envelope's integral at the first rank less its own weight, and at the last.
    private let first: Double
    private let last: Double
    /// Points that lie so near below their rank need no look at the weight.
    private let sure: Double

    /// Of so many ranks, at least one, with an exponent above 0.
    package init(count: Int, exponent: Double) {
        self.exponent = exponent
        self.count = Double(count)
        self.first = Self.integral(1.5, exponent) - 1
        self.last = Self.integral(Double(count) + 0.5, exponent)
        self.sure = 2 - Self.inverse(Self.integral(2.5, exponent) - Self.weight(2, exponent), exponent)
    }

    /// A rank.
    package func next(_ unit: () -> Double) -> Int {
        while true {
            let area = self.last + unit() * (self.first - self.last)
            let point = Self.inverse(area, self.exponent)
            let rank = min(max(point.rounded(), 1), self.count)
            if rank - point <= self.sure || area >= Self.integral(rank + 0.5, self.exponent) - Self.weight(rank, self.exponent) {
                return Int(rank)
            }
        }
    }

    /// x^-s
    private static func weight(_ x: Double, _ exponent: Double) -> Double { exp(-exponent * log(x)) }

    /// The integral of x^-s, (x^(1-s) - 1) / (1 - s), and log x where s is 1.
    private static func integral(_ x: Double, _ exponent: Double) -> Double {
        let logarithm = log(x)
        let scaled = (1 - exponent) * logarithm
        return abs(scaled) < 1e-8 ? logarithm * (1 + scaled / 2) : logarithm * expm1(scaled) / scaled
    }

    private static func inverse(_ area: Double, _ exponent: Double) -> Double {
        let scaled = max(area * (1 - exponent), -1)
        return exp(abs(scaled) < 1e-8 ? area * (1 - scaled / 2) : area * log1p(scaled) / scaled)
    }
}
