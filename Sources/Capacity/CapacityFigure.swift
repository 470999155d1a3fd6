/// One line of the page: a number, perhaps another one for the peak, and what decides it.
package struct CapacityFigure: Hashable, Sendable {
    /// Its name for programs.
    package let key: String
    /// Its name for people.
    package let label: String
    /// On the average, or all there is of it.
    package let value: Double
    /// At the peak.
    package let peak: Double?
    /// How the number is shown.
    package let unit: Unit
    /// What decides it.
    package let reason: String

    /// How a number is shown.
    package enum Unit: Hashable, Sendable {
        case number, bytes, dollars, share
    }

    init(_ key: String, _ label: String, _ value: Double, _ unit: Unit = .number, _ reason: String = "") {
        (self.key, self.label, self.value, self.peak, self.unit, self.reason) = (key, label, value, nil, unit, reason)
    }

    init(_ key: String, _ label: String, _ rate: CapacityPlan.Rate, _ reason: String = "") {
        (self.key, self.label, self.value, self.peak, self.unit, self.reason) = (key, label, rate.average, rate.peak, .number, reason)
    }

    /// The number for people.
    func text(_ value: Double) -> String {
        switch self.unit {
        case .number: CapacityText.number(value)
        case .bytes: CapacityText.bytes(value)
        case .dollars: CapacityText.dollars(value)
        case .share: CapacityText.percent(value)
        }
    }
}

/// Figures that belong together.
package struct CapacitySection: Hashable, Sendable {
    /// Its name for programs.
    package let key: String
    /// Its heading.
    package let title: String
    package let figures: [CapacityFigure]
}
