import Glibc

/// The process's environment variables.
enum Variables {
    /// The variable's value; nil when it is unset or blank.
    @Sendable static func value(_ name: String) -> String? {
        guard let raw = getenv(name) else { return nil }
        let text = String(cString: raw)
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }
}
