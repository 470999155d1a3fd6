package import SessionStore

/// What agents are to remember, and what is confirmed before it is.
package struct RememberingSetting: Hashable, Sendable {
    /// The remembered fields.
    package var fields: [RememberedField] = [.wallet]
    /// Whether a wallet that the user may not have meant is stored at once.
    package var allowsWalletChanges = false
    /// The built-in actions whose calls the action group has the user confirm.
    package var confirmedActions: Set<String> = []
    /// Whether plain test events are answered.
    package var acceptsDirectEvents = true

    /// The defaults.
    package init() {}

    /// The actions that can be confirmed: those that store.
    private static let storingActions: Set<String> = ["rememberWallet", "POST /wallet"]

    /// Reads the variables.
    init(_ reader: inout SettingsReader) {
        if let text = reader.text(.remember) { self.read(text, &reader) }
        self.allowsWalletChanges = reader.value(.walletChange, or: false, "is confirm or allow") { ["confirm": false, "allow": true][$0] }
        self.confirmedActions = reader.value(.confirmedActions, or: [], "is rememberWallet, POST /wallet, or both with a comma") { text in
            let names = Set(Self.parts(text))
            return names.isSubset(of: Self.storingActions) ? names : nil
        }
        self.acceptsDirectEvents = reader.value(.directEvents, or: true, "is on or off") { ["on": true, "off": false][$0] }
    }

    private mutating func read(_ text: String, _ reader: inout SettingsReader) {
        var fields: [RememberedField] = []
        for part in Self.parts(text) {
            do throws(SessionStoreError) {
                fields.append(try Self.field(part))
            } catch {
                reader.problems.append("\(SettingKey.remember.rawValue): \(error.message)")
                return
            }
        }
        guard Set(fields.map(\.name)).count == fields.count, (1...32).contains(fields.count) else {
            reader.problems.append(
                "\(SettingKey.remember.rawValue) names 1 to 32 fields, each once: wallet_address:wallet,chain,marketplace")
            return
        }
        self.fields = fields
    }

    /// `name` or `name:type`. Without a type it is a text; the wallet's own field is a wallet.
    private static func field(_ text: String) throws(SessionStoreError) -> RememberedField {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 2 else {
            return try text == RememberedField.wallet.name ? .wallet : RememberedField(text, .text)
        }
        guard let kind = RememberedField.Kind(rawValue: parts[1]) else {
            let kinds = RememberedField.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw SessionStoreError(.invalidValue, "a field's type is one of \(kinds)")
        }
        return try RememberedField(parts[0], kind)
    }

    private static func parts(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" }
            return String(part.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        }
    }
}
