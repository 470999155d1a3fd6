import SessionStore

/// What an event gives under the remembered fields, checked.
struct GivenValues {
    /// The values by field.
    var values: [RememberedField: FieldValue] = [:]
    /// The wallets among them whose spelling carried no checksum, though their chain's can.
    var unchecked: Set<RememberedField> = []

    /// What keeps an event from being read.
    enum Problem: Error {
        /// It is none.
        case invalid(RememberedField, SessionStoreError)
        /// Which of two is meant is not ours to guess.
        case several(RememberedField)
    }

    /// Checks what is given. Names that are not remembered are somebody else's parameters.
    init(_ given: [GivenField], of fields: [RememberedField]) throws(Problem) {
        for field in fields {
            for text in GivenWallet.meaningful(given.filter { $0.name == field.name }.map(\.text)) {
                let value: FieldValue
                do throws(SessionStoreError) {
                    value = try FieldValue(text, as: field.kind)
                } catch {
                    throw .invalid(field, error)
                }
                guard self.values[field] ?? value == value else { throw .several(field) }
                self.values[field] = value
                if WalletAddress.lacksChecksum(text) { self.unchecked.insert(field) }
            }
        }
    }
}
