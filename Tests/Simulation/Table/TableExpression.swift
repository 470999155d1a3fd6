internal import JSON
internal import SessionStore

/// DynamoDB's condition and update expressions, as far as the store uses them; what is beyond is a `ValidationException`, as in the service.
///
/// Source: Amazon DynamoDB Developer Guide, "Condition and filter expressions" and "Update expressions".
struct TableExpression {
    struct Invalid: Error {}

    private var tokens: [Substring]
    private var position = 0
    private let names: [String: String]
    private let values: SessionData
    private let item: TableItem

    init(_ text: String, names: [String: String], values: SessionData, item: TableItem) {
        self.tokens = Self.tokens(text)
        self.names = names
        self.values = values
        self.item = item
    }

    private static func tokens(_ text: String) -> [Substring] {
        var tokens: [Substring] = []
        let bytes = text.utf8
        var start = bytes.startIndex
        while start < bytes.endIndex {
            var end = bytes.index(after: start)
            switch bytes[start] {
            case UInt8(ascii: " "):
                start = end
                continue
            case UInt8(ascii: "<"), UInt8(ascii: ">"):
                let isPair = end < bytes.endIndex && (bytes[end] == UInt8(ascii: "=") || bytes[end] == UInt8(ascii: ">"))
                if isPair { end = bytes.index(after: end) }
            case let first where !Self.isSign(first):
                while end < bytes.endIndex, !Self.isSign(bytes[end]) { end = bytes.index(after: end) }
            default: break
            }
            tokens.append(text[start..<end])
            start = end
        }
        return tokens
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }

    private var next: Substring? { self.position < self.tokens.count ? self.tokens[self.position] : nil }

    private mutating func take() throws(Invalid) -> Substring {
        guard let token = self.next else { throw Invalid() }
        self.position += 1
        return token
    }

    private mutating func take(_ token: Substring) throws(Invalid) {
        guard try self.take() == token else { throw Invalid() }
    }

    private mutating func skip(_ token: Substring) -> Bool {
        guard self.next == token else { return false }
        self.position += 1
        return true
    }

    private func path(_ text: Substring) throws(Invalid) -> [String] {
        var path: [String] = []
        for part in text.split(separator: ".") {
            guard let name = part.first == "#" ? self.names[String(part)] : String(part) else { throw Invalid() }
            path.append(name)
        }
        return path
    }
}

extension TableExpression {
    /// Whether the condition holds.
    mutating func condition() throws(Invalid) -> Bool {
        let result = try self.alternatives()
        guard self.next == nil else { throw Invalid() }
        return result
    }

    private mutating func alternatives() throws(Invalid) -> Bool {
        var result = try self.conjunction()
        while self.skip("OR") {
            let other = try self.conjunction()
            result = result || other
        }
        return result
    }

    private mutating func conjunction() throws(Invalid) -> Bool {
        var result = try self.primary()
        while self.skip("AND") {
            let other = try self.primary()
            result = result && other
        }
        return result
    }

    private mutating func primary() throws(Invalid) -> Bool {
        if self.skip("NOT") { return try !self.primary() }
        if self.skip("(") {
            let result = try self.alternatives()
            try self.take(")")
            return result
        }
        switch self.next {
        case "attribute_exists": return try self.argument() != nil
        case "attribute_not_exists": return try self.argument() == nil
        case "attribute_type": return try self.type()
        default: return try self.comparison()
        }
    }

    private mutating func argument() throws(Invalid) -> SessionValue? {
        _ = try self.take()
        try self.take("(")
        let value = self.item[try self.path(try self.take())]
        try self.take(")")
        return value
    }

    private mutating func type() throws(Invalid) -> Bool {
        _ = try self.take()
        try self.take("(")
        let value = self.item[try self.path(try self.take())]
        try self.take(",")
        guard case .string(let type)? = self.values[String(try self.take())] else { throw Invalid() }
        try self.take(")")
        return value?.typeName == type
    }

    private mutating func comparison() throws(Invalid) -> Bool {
        let left = try self.operand()
        let sign = try self.take()
        let right = try self.operand()
        guard let left, let right else { return false }
        switch sign {
        case "=": return left.isEqual(to: right)
        case "<>": return !left.isEqual(to: right)
        case "<": return left.order(right).map { $0 < 0 } ?? false
        case "<=": return left.order(right).map { $0 <= 0 } ?? false
        case ">": return left.order(right).map { $0 > 0 } ?? false
        case ">=": return left.order(right).map { $0 >= 0 } ?? false
        default: throw Invalid()
        }
    }

    private mutating func operand() throws(Invalid) -> SessionValue? {
        let token = try self.take()
        if token.first == ":" {
            guard let value = self.values[String(token)] else { throw Invalid() }
            return value
        }
        if token == "if_not_exists" {
            try self.take("(")
            let path = try self.path(try self.take())
            try self.take(",")
            let other = try self.operand()
            try self.take(")")
            return self.item[path] ?? other
        }
        return self.item[try self.path(token)]
    }
}

extension TableExpression {
    /// The item after the update. All operands see the item before it.
    mutating func updated() throws(Invalid) -> TableItem {
        var result = self.item
        while let clause = self.next {
            self.position += 1
            repeat {
                let path = try self.path(try self.take())
                switch clause {
                case "SET":
                    try self.take("=")
                    // A member can only be set in a map that is there.
                    if path.count > 1, self.item[[path[0]]]?.typeName != "M" { throw Invalid() }
                    result[path] = try self.sum()
                case "REMOVE": result[path] = nil
                default: throw Invalid()
                }
            } while self.skip(",")
        }
        return result
    }

    private mutating func sum() throws(Invalid) -> SessionValue {
        guard let left = try self.operand() else { throw Invalid() }
        guard self.skip("+") else { return left }
        guard let right = try self.operand(), case .number(let one) = left, case .number(let other) = right, let one = Int64(one),
            let other = Int64(other)
        else { throw Invalid() }
        return .number("\(one + other)")
    }
}

extension SessionValue {
    fileprivate var typeName: String {
        switch self {
        case .string: "S"
        case .number: "N"
        case .binary: "B"
        case .bool: "BOOL"
        case .null: "NULL"
        case .list: "L"
        case .map: "M"
        case .stringSet: "SS"
        case .numberSet: "NS"
        case .binarySet: "BS"
        }
    }

    fileprivate func isEqual(to other: SessionValue) -> Bool {
        if case .number = self, case .number = other { return self.order(other) == 0 }
        return self == other
    }

    /// Below 0: before `other`; nil: of different types.
    fileprivate func order(_ other: SessionValue) -> Int? {
        guard case .number(let left) = self, case .number(let right) = other else { return nil }
        if let left = Int64(left), let right = Int64(right) { return left < right ? -1 : left > right ? 1 : 0 }
        guard let left = Double(left), let right = Double(right) else { return nil }
        return left < right ? -1 : left > right ? 1 : 0
    }
}
