internal import JSON
internal import SessionStore

/// An item of the simulated table: attribute values by name, as DynamoDB's JSON spells them.
struct TableItem: Hashable, Sendable {
    var attributes: SessionData = [:]

    /// Reads a map of attribute values.
    init(_ node: JSONNode) {
        for (name, value) in node.members { self.attributes[name] = Self.value(value) }
    }

    init() {}

    func write(to writer: inout JSONWriter) {
        Self.write(self.attributes, to: &writer)
    }

    /// The value at a path of names.
    subscript(_ path: [String]) -> SessionValue? {
        get {
            var value = self.attributes[path[0]]
            for name in path.dropFirst() {
                guard case .map(let members)? = value else { return nil }
                value = members[name]
            }
            return value
        }
        set {
            if path.count == 1 {
                self.attributes[path[0]] = newValue
            } else if case .map(var members)? = self.attributes[path[0]] {
                members[path[1]] = newValue
                self.attributes[path[0]] = .map(members)
            }
        }
    }

    /// Types that sessions of the simulation have; anything else is null.
    static func value(_ node: JSONNode) -> SessionValue {
        guard let (type, value) = node.members.first(where: { _ in true }) else { return .null }
        switch type {
        case "S": return .string(value.string ?? "")
        case "N": return .number(value.string ?? "")
        case "BOOL": return .bool(value.bool ?? false)
        case "M": return .map(TableItem(value).attributes)
        default: return .null
        }
    }

    private static func write(_ attributes: SessionData, to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.beginObject()
            switch value {
            case .string(let text):
                writer.key("S")
                writer.string(text)
            case .number(let text):
                writer.key("N")
                writer.string(text)
            case .bool(let flag):
                writer.key("BOOL")
                writer.bool(flag)
            case .map(let members):
                writer.key("M")
                Self.write(members, to: &writer)
            case .null, .binary, .list, .stringSet, .numberSet, .binarySet:
                writer.key("NULL")
                writer.bool(true)
            }
            writer.endObject()
        }
        writer.endObject()
    }
}

extension TableItem {
    /// What the checker sees of it.
    var record: SessionRecord {
        var record = SessionRecord(data: nil)
        if case .map(let fields)? = self.attributes["data"] { record.data = fields }
        if case .string(let owner)? = self.attributes["user_id"] { record.owner = try? UserID(owner) }
        if case .string(let id)? = self.attributes["write_id"] { record.writeID = id }
        record.version = self.attributes["version"]?.whole.map { SessionVersion($0) }
        record.expiration = self.attributes["expiration"]?.whole.map { Timestamp(seconds: $0) }
        record.createdAt = self.attributes["created_at"]?.whole.map { Timestamp(milliseconds: $0) }
        record.updatedAt = self.attributes["updated_at"]?.whole.map { Timestamp(milliseconds: $0) }
        return record
    }
}

extension SessionValue {
    fileprivate var whole: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }
}
