import JSON
import Settings

/// What this process is configured with: each setting's value, secrets masked, and where it comes from.
struct EffectiveSettings {
    /// One setting.
    struct Line: Hashable {
        var key: SettingKey
        /// Nil: nothing holds. Unset: the default.
        var value: String?
        var origin: Origin
    }

    /// Where a value comes from.
    enum Origin: Hashable {
        case option(String)
        case environment
        case file
        case unset

        /// In one word or two.
        var text: String {
            switch self {
            case .option(let name): name
            case .environment: "environment"
            case .file: "file"
            case .unset: "default"
            }
        }
    }

    let lines: [Line]
    /// What is wrong, everything at once.
    let problems: [String]

    /// - Parameters:
    ///   - options: What the command line says, by the option's name.
    ///   - problems: What is wrong with all of it.
    init(options: [SettingKey: (option: String, value: String)], problems: [String]) {
        self.problems = problems
        self.lines = SettingKey.allCases.map { key in
            if let given = options[key] { return Line(key: key, value: Self.masked(given.value, key), origin: .option(given.option)) }
            switch Variables.found(key.rawValue) {
            case (let value, .environment)?: return Line(key: key, value: Self.masked(value, key), origin: .environment)
            case (let value, .file)?: return Line(key: key, value: Self.masked(value, key), origin: .file)
            case nil: return Line(key: key, value: Self.fallback(key), origin: .unset)
            }
        }
    }

    private static func fallback(_ key: SettingKey) -> String? {
        key == .store ? StoreOptions.defaultStore.text : key.defaultText
    }

    /// The value, or as much of it as may be shown.
    static func masked(_ value: String, _ key: SettingKey) -> String {
        switch key.secrecy {
        case .open: return value
        case .secret: return "***"
        case .url:
            // What stands between scheme and host, for it may be a password without a user.
            guard let scheme = value.firstRange(of: "://") else { return "***" }
            let rest = value[scheme.upperBound...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard let at = authority.lastIndex(of: "@") else { return rest.contains("@") ? "***" : value }
            return value[..<scheme.upperBound] + "***" + rest[at...]
        }
    }

    /// For a person.
    var text: String {
        let width = self.lines.map(\.key.rawValue.count).max() ?? 0
        let originWidth = self.lines.map(\.origin.text.count).max() ?? 0
        func padded(_ text: String, to width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
        return self.lines.map { line in
            "\(padded(line.key.rawValue, to: width))  \(padded(line.origin.text, to: originWidth))  \(line.value ?? "-")"
        }.joined(separator: "\n")
    }

    /// For a program: `{"settings":[{"name","origin","value"}],"problems":[...]}`.
    var json: JSONValue {
        [
            "settings": .array(
                self.lines.map { line in
                    [
                        "name": .string(line.key.rawValue), "origin": .string(line.origin.text),
                        "value": line.value.map { .string($0) } ?? .null,
                    ]
                }),
            "problems": .array(self.problems.map { .string($0) }),
        ]
    }
}
