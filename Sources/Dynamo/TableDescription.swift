import JSON

/// What matters of a table.
struct TableDescription: Hashable, Sendable {
    /// Where the table is in its life (`TableStatus`).
    enum Status: Hashable, Sendable {
        case creating, updating, active, deleting
        /// Archived, locked out with its encryption key, or unknown to this program.
        case unusable
    }

    /// Where it is in its life.
    var status: Status
    /// Whether its key is `session_id`, a string, and nothing else.
    var hasSessionKey: Bool

    init(status: Status, hasSessionKey: Bool) {
        self.status = status
        self.hasSessionKey = hasSessionKey
    }

    /// Reads the object of `Table`.
    init(_ node: JSONNode) {
        self.status =
            switch node["TableStatus"]?.string {
            case "CREATING": .creating
            case "UPDATING": .updating
            case "ACTIVE": .active
            case "DELETING": .deleting
            default: .unusable
            }
        let key = ItemAttribute.key.rawValue
        let schema = node["KeySchema"]?.elements.map { ($0["AttributeName"]?.string, $0["KeyType"]?.string) } ?? []
        let isString = node["AttributeDefinitions"]?.elements.contains {
            $0["AttributeName"]?.string == key && $0["AttributeType"]?.string == "S"
        }
        self.hasSessionKey = schema.count == 1 && schema[0] == (key, "HASH") && isString == true
    }
}

/// A table's time-to-live setting.
struct TimeToLiveDescription: Hashable, Sendable {
    /// Whether it is on (`TimeToLiveStatus`).
    enum Status: Hashable, Sendable {
        case enabling, enabled, disabling, disabled
    }

    /// Whether it is on.
    var status: Status
    /// The attribute it goes by.
    var attribute: String?

    init(status: Status, attribute: String? = nil) {
        self.status = status
        self.attribute = attribute
    }

    /// Reads the object of `TimeToLiveDescription`.
    init(_ node: JSONNode) {
        self.status =
            switch node["TimeToLiveStatus"]?.string {
            case "ENABLING": .enabling
            case "ENABLED": .enabled
            case "DISABLING": .disabling
            default: .disabled
            }
        self.attribute = node["AttributeName"]?.string
    }
}
