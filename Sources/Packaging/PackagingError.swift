/// Why there is no package: one sentence that says what to do.
package struct PackagingError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
