/// What a node of a cluster says of a key that is not, or not only, its own.
enum Redirection: Equatable {
    /// MOVED: the slot has this owner, for good.
    case moved(HashSlot, to: NodeAddress)
    /// ASK: the slot is on its way to this node, and the key is there already or is to be made there. Only this command goes there.
    case ask(HashSlot, at: NodeAddress)

    /// Reads `MOVED 3999 127.0.0.1:6381` and `ASK 3999 127.0.0.1:6381`; `nil` for any other error.
    ///
    /// - Parameter asked: the node that said so; it is meant where the host is empty.
    init?(_ error: RedisServerError, from asked: NodeAddress) {
        let words = error.text.split(separator: " ")
        guard words.count == 3, let slot = Int(words[1]).flatMap({ HashSlot($0) }), let address = Self.address(words[2], asked: asked)
        else {
            return nil
        }
        switch words[0] {
        case "MOVED": self = .moved(slot, to: address)
        case "ASK": self = .ask(slot, at: address)
        default: return nil
        }
    }

    /// The last colon ends the host: nodes write IPv6 addresses without brackets.
    private static func address(_ text: Substring, asked: NodeAddress) -> NodeAddress? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port) else {
            return nil
        }
        let host = text[..<colon]
        return NodeAddress(host: host.isEmpty || host == "?" ? asked.host : String(host), port: port)
    }
}
