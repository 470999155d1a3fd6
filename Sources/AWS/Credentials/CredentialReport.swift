/// Which source has credentials, and why the others have none or were not asked. Holds no key, secret or token.
package struct CredentialReport: Hashable, Sendable {
    /// What became of each source, in their order.
    package var entries: [Entry]

    /// One source.
    package struct Entry: Hashable, Sendable {
        /// The source's name.
        package var source: String
        /// What it has.
        package var outcome: Outcome

        /// An entry of these parts.
        package init(source: String, outcome: Outcome) {
            self.source = source
            self.outcome = outcome
        }
    }

    /// What a source has.
    package enum Outcome: Hashable, Sendable {
        /// These are used.
        case used(Summary)
        /// It is not set up here, for this reason.
        case absent(String)
        /// It is set up and does not work; no further source is asked.
        case failed(String)
        /// A source before it was used, or failed.
        case notAsked
    }

    /// What may be told of credentials.
    package struct Summary: Hashable, Sendable {
        /// Whether a session token belongs to them.
        package var isTemporary: Bool
        /// When they end, in seconds since 1970; nil where they do not say.
        package var expiration: Int64?
    }

    /// Whether there are credentials.
    package var hasCredentials: Bool {
        self.entries.contains { entry in
            if case .used = entry.outcome { return true }
            return false
        }
    }
}
