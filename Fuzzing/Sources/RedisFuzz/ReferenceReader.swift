@testable import Redis

/// Reads RESP2 the plain way, all bytes at hand: the second opinion. https://redis.io/docs/latest/develop/reference/protocol-spec/
struct ReferenceReader {
    enum End {
        /// All was read, or the last reply goes on.
        case wellFormed
        /// It is malformed, too large, or too deep.
        case refused
    }

    private struct Refusal: Error {}
    /// Nothing is wrong, but more is missing.
    private struct Missing: Error {}

    private let bytes: [UInt8]
    private let limits: ReplyFrame.Limits
    private var offset = 0
    private var start = 0
    private var elements = 0
    private(set) var end = End.wellFormed

    init(_ stream: UnsafeRawBufferPointer, limits: ReplyFrame.Limits) {
        self.bytes = Array(stream)
        self.limits = limits
    }

    mutating func replies() -> [RedisReply] {
        var replies: [RedisReply] = []
        while self.offset < self.bytes.count {
            (self.start, self.elements) = (self.offset, 0)
            do {
                replies.append(try self.item(depth: 0))
            } catch is Missing {
                return replies
            } catch {
                self.end = .refused
                return replies
            }
        }
        return replies
    }

    private mutating func item(depth: Int) throws -> RedisReply {
        guard self.offset < self.bytes.count else { throw Missing() }
        let type = self.bytes[self.offset]
        guard "+-:$*".utf8.contains(type), type != UInt8(ascii: "*") || depth < 8 else { throw Refusal() }
        let line = try self.line(longest: type == UInt8(ascii: "+") || type == UInt8(ascii: "-") ? 64 << 10 : 32)
        switch type {
        case UInt8(ascii: "+"): return .status(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: "-"): return .error(RedisServerError(text: String(decoding: line, as: UTF8.self)))
        case UInt8(ascii: ":"): return .integer(try Self.number(line))
        case UInt8(ascii: "$"): return try self.value(length: try Self.number(line))
        default: return try self.array(count: try Self.number(line), depth: depth)
        }
    }

    private mutating func line(longest: Int) throws -> ArraySlice<UInt8> {
        let start = self.offset
        while true {
            guard self.offset - start < longest, self.offset - self.start < self.limits.bytes else {
                guard self.offset < self.bytes.count else { throw Missing() }
                throw Refusal()
            }
            guard self.offset < self.bytes.count else { throw Missing() }
            self.offset += 1
            if self.offset - start >= 3, self.bytes[self.offset - 1] == 10, self.bytes[self.offset - 2] == 13 {
                return self.bytes[start + 1..<self.offset - 2]
            }
        }
    }

    private mutating func value(length: Int64) throws -> RedisReply {
        if length == -1 { return .null }
        guard length >= 0, length <= Int64(self.limits.bytes), self.offset - self.start + Int(length) + 2 <= self.limits.bytes else {
            throw Refusal()
        }
        guard self.bytes.count - self.offset >= Int(length) + 2 else { throw Missing() }
        defer { self.offset += Int(length) + 2 }
        return .bytes(Array(self.bytes[self.offset..<self.offset + Int(length)]))
    }

    private mutating func array(count: Int64, depth: Int) throws -> RedisReply {
        if count == -1 { return .null }
        guard count >= 0, count <= Int64(self.limits.elements) else { throw Refusal() }
        self.elements += Int(count)
        guard self.elements <= self.limits.elements else { throw Refusal() }
        var elements: [RedisReply] = []
        for _ in 0..<count { elements.append(try self.item(depth: depth + 1)) }
        return .array(elements)
    }

    /// Digits, without a leading zero, and a minus in front of them perhaps.
    private static func number(_ line: ArraySlice<UInt8>) throws -> Int64 {
        let text = String(decoding: line, as: UTF8.self)
        guard let number = Int64(text), String(number) == text else { throw Refusal() }
        return number
    }
}
