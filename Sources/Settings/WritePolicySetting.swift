/// What a write does when the cache cannot be told that it comes.
package enum WritePolicySetting: String, Hashable, Sendable {
    /// It writes: others may read the previous version until it is checked.
    case available
    /// It is refused before the table is touched.
    case consistent
}
