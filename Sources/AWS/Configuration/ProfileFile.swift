/// A shared configuration or credentials file: profiles and their settings (AWS SDKs and Tools Reference Guide, "Shared config and credentials
/// files"). Of the sections that are no profile, `services` and `sso-session` are kept; nested settings (`s3 =` and indented lines below it) count in
/// `services` only.
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
    /// Settings by the name of an `sso-session` section.
    private(set) var ssoSessions: [String: [String: String]] = [:]
    /// Settings by the name of a `services` section and the service: `dynamodb.endpoint_url`.
    private(set) var services: [String: [String: String]] = [:]

    /// Where the lines that follow belong.
    private enum Section: Hashable {
        case profile(String)
        /// `[default]` of the configuration file: `[profile default]` wins over it, whichever comes first.
        case plainDefault
        case ssoSession(String)
        case services(String)
        case other
    }

    /// Reads the text. Lines that are neither section, setting nor comment are an error with their number, without their content.
    init(_ text: String, style: Style) throws(AWSError) {
        var section: Section?
        var plainDefault: [String: String]?
        var parent = ""
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let raw = index == 0 && raw.unicodeScalars.first == "\u{feff}" ? raw.dropFirst() : raw
            let line = Text.trimmed(raw)
            if line.isEmpty || line.first == "#" || line.first == ";" { continue }
            if line.first == "[" {
                guard let end = line.firstIndex(of: "]") else { throw Self.malformed(index, style) }
                section = Self.section(Text.trimmed(line[line.index(after: line.startIndex)..<end]), style)
                parent = ""
                self.open(section, &plainDefault)
                continue
            }
            // An indented line belongs to the setting above it.
            let isNested = raw.first == " " || raw.first == "\t"
            if isNested, parent.isEmpty { continue }
            guard let equals = line.firstIndex(of: "=") else {
                if isNested { continue }
                throw Self.malformed(index, style)
            }
            let name = Text.trimmed(line[..<equals]).lowercased()
            let value = Self.value(line[line.index(after: equals)...])
            if case .services(let group) = section, isNested { self.services[group]?["\(parent).\(name)"] = value }
            if isNested { continue }
            parent = name
            switch section {
            case .profile(let profile): self.profiles[profile]?[name] = value
            case .plainDefault: plainDefault?[name] = value
            case .ssoSession(let session): self.ssoSessions[session]?[name] = value
            case .services, .other, nil: break
            }
        }
        if let plainDefault, self.profiles["default"] == nil { self.profiles["default"] = plainDefault }
    }

    private mutating func open(_ section: Section?, _ plainDefault: inout [String: String]?) {
        switch section {
        case .profile(let name): if self.profiles[name] == nil { self.profiles[name] = [:] }
        case .plainDefault: if plainDefault == nil { plainDefault = [:] }
        case .ssoSession(let name): if self.ssoSessions[name] == nil { self.ssoSessions[name] = [:] }
        case .services(let name): if self.services[name] == nil { self.services[name] = [:] }
        case .other, nil: break
        }
    }

    /// No profiles: the file is not there.
    init() {}

    private static func section(_ text: Substring, _ style: Style) -> Section {
        switch style {
        case .credentials: return .profile(String(text))
        case .config:
            if text == "default" { return .plainDefault }
            let words = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count == 2 else { return .other }
            let name = Self.unquoted(Text.trimmed(words[1]))
            switch words[0] {
            case "profile": return .profile(name)
            case "sso-session": return .ssoSession(name)
            case "services": return .services(name)
            default: return .other
            }
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
