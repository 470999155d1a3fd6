/// What one item says about a remembered field.
package struct FieldRecord: Hashable, Sendable {
    /// The value, in its normal form.
    package var value: FieldValue?
    /// When it was given; nil: nobody noted it.
    package var updatedAt: Timestamp?
    /// When it was forgotten.
    package var forgottenAt: Timestamp?

    /// A record that says nothing.
    package static let empty = FieldRecord()

    private init() {}

    /// Reads the field. Throws `.malformedItem` for a stored value that is none.
    package init(_ data: SessionData, _ field: RememberedField) throws(SessionStoreError) {
        do throws(SessionStoreError) {
            self.value = try FieldValue.read(data[field.name], as: field.kind)
        } catch {
            throw Self.unreadable(field)
        }
        self.updatedAt = data[field.updatedAt]?.integer.map { Timestamp(milliseconds: $0) }
        if let mark = data[field.forgottenAt] {
            // An unreadable mark is a mark all the same: asking again is safe, a value that was to be forgotten is not.
            self.forgottenAt = Timestamp(milliseconds: mark.integer ?? .max)
        }
        if let mark = self.forgottenAt, !self.isYounger(than: mark) { self.value = nil }
    }

    /// Reads the field of an item; nil: there is none. Throws `.malformedItem`.
    package init(reading session: Session?, _ field: RememberedField) throws(SessionStoreError) {
        if let session { try self.init(session.data, field) } else { self = .empty }
    }

    /// Whether the value was given after that instant. One without a date was not.
    package func isYounger(than instant: Timestamp) -> Bool {
        self.updatedAt.map { $0 > instant } ?? false
    }

    private static func unreadable(_ field: RememberedField) -> SessionStoreError {
        let what = field.kind == .wallet ? "wallet address" : "value"
        return SessionStoreError(.malformedItem, "the \(what) that is stored is not valid; give it again, which replaces it, or forget it")
    }
}
