import Glibc

/// One entry of `NO_PROXY`: `*`, a name (with all names below it), an address, or a range of addresses (`10.0.0.0/8`); a port may follow.
struct HostPattern: Hashable {
    private enum Kind: Hashable {
        case everything
        /// In small letters, without a leading dot.
        case name(String)
        case addresses([UInt8], bits: Int)
        /// What is none of these, and matches nothing.
        case nothing
    }

    private let kind: Kind
    private let port: UInt16?

    /// Reads an entry.
    init(_ text: some StringProtocol) {
        if text == "*" {
            (self.kind, self.port) = (.everything, nil)
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            let bytes = Self.address(String(parts[0].drop { $0 == "[" }.prefix { $0 != "]" }))
            let bits = Int(parts[1])
            self.port = nil
            if let bytes, let bits, (0...bytes.count * 8).contains(bits) {
                self.kind = .addresses(bytes, bits: bits)
            } else {
                self.kind = .nothing
            }
            return
        }
        let (host, port) = Self.split(text)
        self.port = port
        if let bytes = Self.address(host) {
            self.kind = .addresses(bytes, bits: bytes.count * 8)
        } else {
            let name = host.drop { $0 == "*" }.drop { $0 == "." }
            self.kind = name.isEmpty ? .nothing : .name(String(name))
        }
    }

    /// Whether a host, in small letters and without brackets, is meant.
    func matches(host: String, port: UInt16) -> Bool {
        guard self.port == nil || self.port == port else { return false }
        switch self.kind {
        case .everything: return true
        case .nothing: return false
        case .name(let name):
            // A name with a dot at its end is the same name.
            let host = host.hasSuffix(".") ? String(host.dropLast()) : host
            return host == name || host.hasSuffix("." + name)
        case .addresses(let bytes, let bits):
            guard let address = Self.address(host), address.count == bytes.count else { return false }
            return (0..<bits).allSatisfy { bit in (address[bit / 8] ^ bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0 }
        }
    }

    /// Takes `host:port` apart; an IPv6 address is in brackets if a port follows.
    static func split(_ text: some StringProtocol) -> (host: String, port: UInt16?) {
        let text = text.lowercased()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return (String(text[text.index(after: text.startIndex)..<end]), rest.hasPrefix(":") ? UInt16(rest.dropFirst()) : nil)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        // More colons than one: an IPv6 address without brackets.
        guard parts.count == 2 else { return (text, nil) }
        return (String(parts[0]), UInt16(parts[1]))
    }

    /// The bytes of an IPv4 or IPv6 address; nil for anything else.
    private static func address(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
