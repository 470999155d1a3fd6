/// Whether a header field may be a parameter of an action.
enum HeaderName: Hashable {
    /// It may.
    case allowed
    /// OpenAPI says that such a parameter is ignored (3.0.3, "Parameter Object", `name`).
    case ignored
    /// It steers the connection, or says who calls: not a model's to fill in.
    case refused

    /// What the name means.
    init(_ name: String) {
        switch name.lowercased() {
        case "accept", "content-type", "authorization": self = .ignored
        case "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "cookie",
            "proxy-authorization", "proxy-authenticate", "proxy-connection", "forwarded", "via":
            self = .refused
        case let name where name.hasPrefix("x-forwarded-"): self = .refused
        case let name: self = Self.isToken(name) ? .allowed : .refused
        }
    }

    /// RFC 9110, section 5.6.2.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
                }
            }
    }
}
