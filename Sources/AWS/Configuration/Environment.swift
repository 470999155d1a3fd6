import Glibc

/// Where configuration variables come from: the process's environment, or a test's table. A blank variable is an unset one
/// (Lambda's local emulator exports empty keys).
public struct Environment: Sendable {
    private let lookup: @Sendable (String) -> String?

    /// Variables by a function.
    public init(_ lookup: @escaping @Sendable (String) -> String?) {
        self.lookup = lookup
    }

    /// The variables of this process.
    public static let process = Environment { name in
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// These variables and no other.
    public init(_ variables: [String: String]) {
        self.lookup = { variables[$0] }
    }

    /// The variable's value without white space around it, nil if that leaves nothing.
    public subscript(name: String) -> String? {
        guard let value = self.lookup(name) else { return nil }
        let trimmed = Text.trimmed(value[...])
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}
