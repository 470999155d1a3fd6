/// The wallet among an event's parameters.
enum GivenWallet {
    /// Words that models write where they know nothing. None of them is an address.
    private static let placeholders: Set<String> = ["null", "none", "nil", "undefined", "unknown", "<unknown>", "n/a", "na", "empty"]

    /// The different texts given under one of the wallet's names, unchecked; empty when none is given.
    static func texts(in request: ActionRequest, names: [String]) -> [String] {
        let parameters = (request.parameters + request.body.values.joined()).filter { names.contains($0.name) }
        return Self.meaningful(parameters.compactMap(\.value))
    }

    /// The different ones of `texts` that say something, without the white space around them.
    static func meaningful(_ texts: [String]) -> [String] {
        var found: [String] = []
        for text in texts.map({ Self.trimmed($0) })
        where !text.isEmpty && !Self.placeholders.contains(text.lowercased()) && !found.contains(text) { found.append(text) }
        return found
    }

    private static func trimmed(_ text: String) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        return String(decoding: Array(text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed()), as: UTF8.self)
    }
}
