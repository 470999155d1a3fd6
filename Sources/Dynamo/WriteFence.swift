import SessionStore

/// What has to be unchanged in the table for a write to happen: the ground it was planned on.
enum WriteFence: Hashable, Sendable {
    /// No item.
    case absent
    /// An item of this version.
    case version(SessionVersion)
    /// An item without a version, of another program.
    case versionless

    /// The fence around what was read.
    init(_ item: StoredItem?) {
        guard let item else {
            self = .absent
            return
        }
        self = item.record.version.map { .version($0) } ?? .versionless
    }

    /// Whether nothing that this program writes happened since.
    func holds(for item: StoredItem?) -> Bool {
        self == WriteFence(item)
    }
}
