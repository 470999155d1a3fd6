/// Why bytes are not read on as a reply.
enum ReplyProblem: Hashable {
    /// Above `maxReplyBytes`, by what has come or by what a line announces.
    case tooLarge
    /// Above `maxReplyElements`, by what arrays announce.
    case tooManyElements
    case nestedTooDeep
    case lineTooLong
    /// An integer, a length or a count that is none, or out of range.
    case badNumber
    case http, tls, resp3
    /// No protocol that has a name here.
    case unknown

    /// What begins with this byte, where a type byte of RESP2 belongs. `isFirst`: a reply begins there.
    init(notRedis byte: UInt8, isFirst: Bool) {
        switch byte {
        // https://redis.io/docs/latest/develop/reference/protocol-spec/: the types that RESP3 adds.
        case UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("),
            UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "!"), UInt8(ascii: "|"):
            self = .resp3
        // "HTTP/1.1 ..."
        case UInt8(ascii: "H") where isFirst: self = .http
        // A TLS record of type alert: RFC 8446, section 5.1.
        case 0x15 where isFirst: self = .tls
        default: self = .unknown
        }
    }
}

extension RedisError {
    /// - Parameter underlying: what hiredis said, if it was asked.
    init(_ problem: ReplyProblem, underlying: String? = nil) {
        switch problem {
        case .tooLarge:
            self.init(.replyTooLarge, "A reply of Redis is larger than maxReplyBytes; ask for less at once or raise the limit.")
        case .tooManyElements:
            self.init(
                .replyTooLarge, "A reply of Redis has more elements than maxReplyElements; ask for less at once or raise the limit.")
        case .nestedTooDeep:
            self.init(
                .protocolViolation,
                "A reply of Redis nests deeper than seven levels of arrays in an array; have the script answer with flatter values.",
                underlying: underlying)
        case .lineTooLong:
            self.init(
                .protocolViolation, "A status or error of Redis is longer than 64 KB; check host and port, and what scripts answer with.")
        case .badNumber:
            self.init(
                .protocolViolation, "Redis sent a number that is none or out of range; check host and port, and what lies between.",
                underlying: underlying)
        case .http:
            self.init(.protocolViolation, "A web server (HTTP) answers at this address, not Redis; check host and port.")
        case .tls:
            self = .tlsServer
        case .resp3:
            self.init(
                .protocolViolation, "Redis answered in RESP3, which this client did not ask for; look for a proxy that sends HELLO 3.",
                underlying: underlying)
        case .unknown:
            self.init(.protocolViolation, ReplyDecoder.notRedis, underlying: underlying)
        }
        self.mayHaveExecuted = true
    }
}
