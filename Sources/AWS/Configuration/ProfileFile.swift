/// A shared configuration or credentials file: profiles and their settings (AWS SDKs and Tools Reference Guide, "Shared config and credentials
/// files"). Nested settings (`s3 =` and indented lines below it) and sections that are no profile are skipped.
struct ProfileFile: Hashable, Sendable {
    /// Which of the two files: they name their sections differently.
    enum Style: Hashable, Sendable {
        /// `[profile NAME]`, and `[default]` with or without the word.
        case config
        /// `[NAME]`.
        case credentials
    }

    /// Settings by profile, names of settings in lower case. A profile given twice is merged, the later line wins.
    private(set) var profiles: [String: [String: String]] = [:]

    /// Reads the text. Lines that are neither section, setting nor comment are an error with their number, without their content.
    init(_ text: String, style: Style) throws(AWSError) {
        var section: String?
        // `[profile default]` wins over `[default]`, whichever comes first.
        var plainDefault: [String: String]?
        var isPlainDefault = false
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let raw = index == 0 && raw.unicodeScalars.first == "\u{feff}" ? raw.dropFirst() : raw
            let line = Text.trimmed(raw)
            if line.isEmpty || line.first == "#" || line.first == ";" { continue }
            if line.first == "[" {
                guard let end = line.firstIndex(of: "]") else { throw Self.malformed(index, style) }
                let name = Text.trimmed(line[line.index(after: line.startIndex)..<end])
                section = Self.profile(name, style)
                isPlainDefault = style == .config && name == "default"
                if let section, !isPlainDefault, self.profiles[section] == nil { self.profiles[section] = [:] }
                if isPlainDefault, plainDefault == nil { plainDefault = [:] }
                continue
            }
            // An indented line belongs to the setting above it.
            if raw.first == " " || raw.first == "\t" { continue }
            guard let equals = line.firstIndex(of: "=") else { throw Self.malformed(index, style) }
            guard let section else { continue }
            let name = Text.trimmed(line[..<equals]).lowercased()
            let value = Self.value(line[line.index(after: equals)...])
            if isPlainDefault { plainDefault?[name] = value } else { self.profiles[section]?[name] = value }
        }
        if let plainDefault, self.profiles["default"] == nil { self.profiles["default"] = plainDefault }
    }

    /// No profiles: the file is not there.
    init() {}

    private static func profile(_ section: Substring, _ style: Style) -> String? {
        switch style {
        case .credentials:
            return String(section)
        case .config:
            if section == "default" { return "default" }
            let words = section.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count == 2, words[0] == "profile" else { return nil }
            return Self.unquoted(Text.trimmed(words[1]))
        }
    }

    private static func unquoted(_ name: Substring) -> String {
        guard name.count >= 2, let first = name.first, first == name.last, first == "\"" || first == "'" else { return String(name) }
        return String(name.dropFirst().dropLast())
    }

    /// A comment in a line of settings starts with a space and a mark.
    private static func value(_ text: Substring) -> String {
        var previousIsSpace = false
        for index in text.indices {
            let character = text[index]
            if previousIsSpace, character == "#" || character == ";" { return String(Text.trimmed(text[..<index])) }
            previousIsSpace = character == " " || character == "\t"
        }
        return String(Text.trimmed(text))
    }

    private static func malformed(_ index: Int, _ style: Style) -> AWSError {
        let file = style == .config ? "configuration" : "credentials"
        return AWSError(
            .configuration,
            "Line \(index + 1) of the AWS \(file) file is neither a [section], a \"name = value\" nor a comment; correct it or remove it.")
    }
}
