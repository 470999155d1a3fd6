/// What a user's forgetting removed, and what remains until when.
package struct ForgetReceipt: Hashable, Sendable {
    /// Sessions whose items were removed from the table.
    package var sessions = 0
    /// Whether there was a memory of the user, which was removed.
    package var memory = false
    /// Entries that the cache alone had of the user.
    package var strayEntries = 0
    /// Items that somebody wrote again meanwhile, each time: the user is active.
    package var writtenAgain = 0
    /// What is left, and why.
    package var remains: [Remainder] = []

    /// An empty receipt.
    package init() {}

    /// Whether nothing is left of the user where this program can look.
    package var isComplete: Bool {
        self.writtenAgain == 0 && !self.remains.contains(where: \.isFailure)
    }

    /// Something that is left.
    package struct Remainder: Hashable, Sendable {
        /// What, in a sentence.
        package var what: String
        /// Until when, in a sentence; nil: until somebody removes it.
        package var until: String?
        /// Whether it should not be there.
        package var isFailure = false

        /// Something that is left.
        package init(_ what: String, until: String?, isFailure: Bool = false) {
            self.what = what
            self.until = until
            self.isFailure = isFailure
        }
    }
}
