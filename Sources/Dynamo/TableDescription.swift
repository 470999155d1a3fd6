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
    /// Its global secondary indexes by name.
    var indexes: [String: Index]

    /// What matters of an index.
    struct Index: Hashable, Sendable {
        /// Whether it answers queries, and has all items.
        var isActive: Bool
        /// Whether its key is `user_id` and nothing else.
        var isByUser: Bool
    }

    init(status: Status, hasSessionKey: Bool, indexes: [String: Index] = [:]) {
        self.status = status
        self.hasSessionKey = hasSessionKey
        self.indexes = indexes
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
        self.indexes = [:]
        for index in node["GlobalSecondaryIndexes"].map({ Array($0.elements) }) ?? [] {
            guard let name = index["IndexName"]?.string else { continue }
            let schema = index["KeySchema"]?.elements.map { ($0["AttributeName"]?.string, $0["KeyType"]?.string) } ?? []
            self.indexes[name] = Index(
                isActive: index["IndexStatus"]?.string ?? "ACTIVE" == "ACTIVE" && index["Backfilling"]?.bool != true,
                isByUser: schema.count == 1 && schema[0] == (ItemAttribute.owner.rawValue, "HASH"))
        }
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
