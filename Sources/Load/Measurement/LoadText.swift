/// Figures for people.
package enum LoadText {
    /// Nanoseconds with a unit and three digits: `812 ns`, `81.2 us`, `8.12 ms`, `812 ms`, `8.12 s`.
    package static func time(_ nanoseconds: Int64) -> String {
        let value = Double(nanoseconds)
        switch nanoseconds {
        case ..<1000: return "\(nanoseconds) ns"
        case ..<1_000_000: return Self.number(value / 1e3) + " us"
        case ..<1_000_000_000: return Self.number(value / 1e6) + " ms"
        default: return Self.number(value / 1e9) + " s"
        }
    }

    /// The same for a power of ten: `100 us`.
    package static func roundTime(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1e3: "\(Int(nanoseconds.rounded())) ns"
        case ..<1e6: "\(Int((nanoseconds / 1e3).rounded())) us"
        case ..<1e9: "\(Int((nanoseconds / 1e6).rounded())) ms"
        default: "\(Int((nanoseconds / 1e9).rounded())) s"
        }
    }

    /// Three digits, or all before the point; no zeros behind it.
    package static func number(_ value: Double) -> String {
        let scale = value >= 99.95 ? 1.0 : value >= 9.995 ? 10 : 100
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    /// `97.8 %`
    package static func percent(_ ratio: Double) -> String {
        "\(Self.number((ratio * 1000).rounded() / 10)) %"
    }
}
