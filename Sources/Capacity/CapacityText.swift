/// Numbers for people.
enum CapacityText {
    /// Thousands apart: `1,234,567`, `12.5`, `0.0023`. Three figures below ten, one decimal below a hundred.
    static func number(_ value: Double) -> String {
        if value >= 1e15 { return "\(value)" }
        if value == value.rounded() || value >= 100 { return self.grouped(Int64(value.rounded())) }
        if value >= 10 { return self.decimals(value, 1) }
        if value >= 0.1 { return self.decimals(value, 2) }
        return self.plain(value)
    }

    /// The number as it is, without an exponent where none is needed.
    static func plain(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
        if value < 1e-9 || value >= 1e8 { return "\(value)" }
        // As many figures as a price has, not those that binary fractions add.
        return self.trimmed(self.decimals(value, 10, isGrouped: false))
    }

    /// Dollars, with cents below a hundred.
    static func dollars(_ value: Double) -> String {
        "$" + (value >= 100 || value == 0 ? self.number(value.rounded()) : self.decimals(value, 2))
    }

    /// Decimal units, as AWS's bills have them.
    static func bytes(_ value: Double) -> String {
        for (unit, size) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)] where value >= size * 0.9995 {
            let amount = value / size
            return "\(amount >= 100 ? self.grouped(Int64(amount.rounded())) : self.decimals(amount, amount >= 10 ? 1 : 2)) \(unit)"
        }
        return "\(self.grouped(Int64(value.rounded()))) B"
    }

    /// A share of one.
    static func percent(_ share: Double) -> String { self.trimmed(self.decimals(share * 100, 1)) + " %" }

    private static func grouped(_ value: Int64) -> String {
        let digits = String(value)
        var text = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    private static func decimals(_ value: Double, _ count: Int, isGrouped: Bool = true) -> String {
        let scale = (0..<count).reduce(Int64(1)) { scale, _ in scale * 10 }
        let scaled = Int64((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let whole = scaled / scale
        return "\(isGrouped ? self.grouped(whole) : String(whole)).\(String(repeating: "0", count: count - fraction.count))\(fraction)"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.hasSuffix("0") { text = text.dropLast() }
        return String(text.hasSuffix(".") ? text.dropLast() : text)
    }
}
