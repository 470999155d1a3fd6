/// Everything that is wrong with a configuration, at once: nobody should have to start a program five times to learn of five mistakes.
///
/// The sentences name variables, never their values: a value may hold a password.
package struct SettingsError: Error, Hashable, Sendable {
    /// One sentence for each problem, at least one.
    package var problems: [String]

    package init(_ problems: [String]) {
        self.problems = problems
    }
}

extension SettingsError: CustomStringConvertible {
    /// The problems in one line.
    package var description: String {
        self.problems.joined(separator: "; ")
    }
}
