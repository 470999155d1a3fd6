/// Follows the frame of a reply that does not arrive in one piece, ahead of the parser: what a line announces is refused before its bytes are collected.
///
/// It knows lines, lengths, counts and nesting, and nothing of values. A reply that arrives in one piece never comes here.
struct ReplyFrame {
    /// What one reply may take.
    struct Limits {
        var bytes: Int
        var elements: Int
    }

    /// A status or an error is one line: as long at most as a line that Redis itself would read (`PROTO_INLINE_MAX_SIZE` in its `server.h`).
    static let longestLine = 64 << 10
    /// Arrays around a value: hiredis 0.14 reads an outermost one and seven levels in it.
    static let deepestNesting = 8
    /// Sign and digits of a 64-bit integer fit.
    private static let longestNumber = 32

    private enum Place {
        /// At a type byte.
        case item
        /// In a line of this type.
        case line(UInt8)
        /// In a value: so many bytes are missing, the line end among them.
        case value(missing: Int)
        case end
    }

    private let limits: Limits
    private var place = Place.item
    /// Bytes before the current item, and of the current line with its type byte.
    private var finishedBytes = 0
    private var lineBytes = 0
    private var elements = 0
    /// Elements that open arrays still wait for, the innermost last.
    private var missing: [Int] = []
    private var number = LineNumber()
    private var lastByte: UInt8 = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Whether the reply is complete.
    var isOver: Bool {
        if case .end = self.place { true } else { false }
    }

    /// The next bytes of the reply, and perhaps of others behind it, which are not looked at. Answers why the reply is refused, if it is.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> ReplyProblem? {
        var offset = 0
        while offset < bytes.count {
            switch self.place {
            case .end: return nil
            case .value(let missing):
                let taken = min(missing, bytes.count - offset)
                offset += taken
                self.finishedBytes += taken
                self.place = .value(missing: missing - taken)
                if missing == taken { self.itemEnded() }
            case .item:
                let type = unsafe bytes[offset]
                guard Self.isKnown(type) else { return ReplyProblem(notRedis: type, isFirst: self.missing.isEmpty) }
                // hiredis does not wait for the count either.
                if type == UInt8(ascii: "*"), self.missing.count >= Self.deepestNesting { return .nestedTooDeep }
                offset += 1
                self.place = .line(type)
                self.number = LineNumber()
                (self.lineBytes, self.lastByte) = (1, 0)
            case .line(let type):
                let byte = unsafe bytes[offset]
                offset += 1
                if let problem = self.lineGrew(byte, type) { return problem }
            }
        }
        return nil
    }

    private static func isKnown(_ type: UInt8) -> Bool {
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"): true
        default: false
        }
    }

    private mutating func lineGrew(_ byte: UInt8, _ type: UInt8) -> ReplyProblem? {
        defer { self.lastByte = byte }
        self.lineBytes += 1
        let isText = type == UInt8(ascii: "+") || type == UInt8(ascii: "-")
        guard self.lineBytes <= (isText ? Self.longestLine : Self.longestNumber) else { return isText ? .lineTooLong : .badNumber }
        guard self.finishedBytes + self.lineBytes <= self.limits.bytes else { return .tooLarge }
        if byte == UInt8(ascii: "\n"), self.lastByte == UInt8(ascii: "\r") { return self.lineEnded(type) }
        if !isText {
            // One that ends nothing.
            if self.lastByte == UInt8(ascii: "\r") { self.number.append(self.lastByte) }
            if byte != UInt8(ascii: "\r") { self.number.append(byte) }
        }
        return nil
    }

    private mutating func lineEnded(_ type: UInt8) -> ReplyProblem? {
        self.finishedBytes += self.lineBytes
        switch type {
        case UInt8(ascii: "$"): return self.valueAnnounced()
        case UInt8(ascii: "*"): return self.arrayAnnounced()
        case UInt8(ascii: ":"):
            guard self.number.value != nil else { return .badNumber }
            self.itemEnded()
            return nil
        default:
            self.itemEnded()
            return nil
        }
    }

    private mutating func valueAnnounced() -> ReplyProblem? {
        guard let length = self.number.value, length >= -1 else { return .badNumber }
        guard length >= 0 else {
            self.itemEnded()
            return nil
        }
        // `length` alone may be near the largest integer.
        guard length <= Int64(self.limits.bytes), self.finishedBytes + Int(length) + 2 <= self.limits.bytes else { return .tooLarge }
        self.place = .value(missing: Int(length) + 2)
        return nil
    }

    private mutating func arrayAnnounced() -> ReplyProblem? {
        guard let count = self.number.value, count >= -1 else { return .badNumber }
        guard count <= Int64(self.limits.elements), self.elements + max(0, Int(count)) <= self.limits.elements else {
            return .tooManyElements
        }
        guard count > 0 else {
            self.itemEnded()
            return nil
        }
        self.elements += Int(count)
        self.missing.append(Int(count))
        self.place = .item
        return nil
    }

    private mutating func itemEnded() {
        while let last = self.missing.last {
            if last > 1 {
                self.missing[self.missing.count - 1] = last - 1
                self.place = .item
                return
            }
            self.missing.removeLast()
        }
        self.place = .end
    }
}

/// The number in a line, digit by digit.
private struct LineNumber {
    private var digits = 0
    private var isNegative = false
    private var magnitude: UInt64 = 0
    private var isBad = false

    /// nil: the line holds none, or one beyond 64 bits.
    var value: Int64? {
        guard !self.isBad, self.digits > 0 else { return nil }
        return self.isNegative ? Int64(exactly: 0 - Int128(self.magnitude)) : Int64(exactly: self.magnitude)
    }

    mutating func append(_ byte: UInt8) {
        if byte == UInt8(ascii: "-"), self.digits == 0, !self.isNegative {
            self.isNegative = true
            return
        }
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return self.isBad = true }
        // As hiredis has it: no further digit behind a leading zero, and no sign before it.
        self.isBad =
            self.isBad || (self.magnitude == 0 && self.digits > 0) || (self.isNegative && self.digits == 0 && byte == UInt8(ascii: "0"))
        let (product, overflow) = self.magnitude.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        self.isBad = self.isBad || overflow || carry
        self.magnitude = sum
        self.digits += 1
    }
}

extension RedisConfiguration {
    /// What one reply may take.
    var replyLimits: ReplyFrame.Limits { .init(bytes: self.maxReplyBytes, elements: self.maxReplyElements) }
}
