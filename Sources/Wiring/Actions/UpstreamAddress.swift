import Settings

/// The address of the upstream API: scheme, host, port, and the path that all its paths begin with.
struct UpstreamAddress: Hashable, Sendable {
    /// Everything before the paths of its actions, without a slash at the end.
    let base: String
    /// The host, without brackets.
    let host: String

    /// Parses an address. Throws what is wrong with it; the text may hold a secret, and is not said.
    init(_ text: String) throws(SettingsError) {
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw Self.error("it begins with http:// or https://")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Array("\\\"<>^`{|}".utf8).contains($0) }) else {
            throw Self.error("it is percent-encoded: printable ASCII characters without spaces, quotes, braces and backslashes")
        }
        let authority = text.dropFirst(text.hasPrefix("https") ? "https://".count : "http://".count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw Self.error("it has no user and password: name a key with \(SettingKey.apiKeyHeader.rawValue)")
        }
        guard !text.contains("?"), !text.contains("#") else { throw Self.error("it has no query and no fragment") }
        self.host = try Self.host(authority)
        var path = text[authority.endIndex...]
        if path.hasSuffix("/") { path = path.dropLast() }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard !parts.contains(where: { $0.isEmpty || Self.isDots($0) }) else {
            throw Self.error("its path has no parts that are empty, . or ..")
        }
        self.base = String(text[..<authority.endIndex] + path)
    }

    private static func host(_ authority: Substring) throws(SettingsError) -> String {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw Self.error("what stands in brackets is an IPv6 address")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.utf8.count <= 253, host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else {
                throw Self.error("its host is a name of letters, digits, dots and hyphens, or an address")
            }
        }
        guard rest.isEmpty || rest.first == ":" && UInt16(rest.dropFirst()).map({ $0 > 0 }) == true else {
            throw Self.error("its port is a number from 1 to 65535")
        }
        return String(host)
    }

    private static func isDots(_ part: Substring) -> Bool {
        [".", "%2e", "..", ".%2e", "%2e.", "%2e%2e"].contains(part.lowercased())
    }

    private static func error(_ problem: String) -> SettingsError {
        SettingsError(["\(SettingKey.apiURL.rawValue): \(problem)"])
    }
}

/// The header field that lets this program in.
struct UpstreamKey: Hashable, Sendable {
    let name: String
    /// The key: never log it.
    let value: String

    /// Checks both. Throws what is wrong, without the value.
    init(name: String, value: String) throws(SettingsError) {
        let taken = [
            "host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "te", "upgrade", "accept",
            "accept-encoding", "user-agent",
        ]
        guard
            (1...128).contains(name.utf8.count),
            name.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
                }
            }), !taken.contains(name.lowercased())
        else {
            throw SettingsError([
                "\(SettingKey.apiKeyHeader.rawValue) is the name of a header field such as X-Api-Key or Authorization"
            ])
        }
        guard value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw SettingsError(["\(SettingKey.apiKeyValue.rawValue) is one line of printable ASCII characters"])
        }
        self.name = name
        self.value = value
    }
}

extension UpstreamKey: CustomStringConvertible, CustomReflectable {
    /// Without the key.
    var description: String { "a key in the field \(self.name)" }
    /// Without the key.
    var customMirror: Mirror { Mirror(self, children: []) }
}
