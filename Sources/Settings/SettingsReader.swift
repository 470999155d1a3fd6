/// Reads variables one by one and collects what is wrong with them.
struct SettingsReader {
    private let lookup: (String) -> String?
    var problems: [String] = []

    init(lookup: @escaping (String) -> String?) {
        self.lookup = lookup
    }

    /// The variable's text without the white space around it; nil when nothing is left.
    func text(_ key: SettingKey) -> String? {
        guard let raw = self.lookup(key.rawValue) else { return nil }
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }
        let trimmed = raw.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return trimmed.isEmpty ? nil : String(decoding: Array(trimmed), as: UTF8.self)
    }

    /// The parsed value; nil when the variable is unset, or wrong, which becomes the problem "NAME <rule>".
    mutating func value<Value>(_ key: SettingKey, _ rule: String, parse: (String) -> Value?) -> Value? {
        guard let text = self.text(key) else { return nil }
        if let value = parse(text) { return value }
        self.problems.append("\(key.rawValue) \(rule)")
        return nil
    }

    /// The parsed value, or `fallback` when the variable is unset or wrong.
    mutating func value<Value>(_ key: SettingKey, or fallback: Value, _ rule: String, parse: (String) -> Value?) -> Value {
        self.value(key, rule, parse: parse) ?? fallback
    }
}
