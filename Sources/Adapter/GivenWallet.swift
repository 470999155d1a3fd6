/// The wallet among an event's parameters.
enum GivenWallet {
    /// Words that models write where they know nothing. None of them is an address.
    private static let placeholders: Set<String> = ["null", "none", "nil", "undefined", "unknown", "<unknown>", "n/a", "na", "empty"]

    /// The different texts given under one of the wallet's names, unchecked; empty when none is given.
    static func texts(in request: ActionRequest, names: [String]) -> [String] {
        var found: [String] = []
        for parameter in request.parameters + request.body.values.joined() where names.contains(parameter.name) {
            guard let text = parameter.value.map({ Self.trimmed($0) }), !text.isEmpty, !Self.placeholders.contains(text.lowercased()),
                !found.contains(text)
            else { continue }
            found.append(text)
        }
        return found
    }

    private static func trimmed(_ text: String) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        return String(decoding: Array(text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()), as: UTF8.self)
    }
}
