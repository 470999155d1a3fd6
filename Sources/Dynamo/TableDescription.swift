import JSON

/// What matters of a table.
package struct TableDescription: Hashable, Sendable {
    /// Where the table is in its life (`TableStatus`).
    package enum Status: Hashable, Sendable {
        case creating, updating, active, deleting
        /// Archived, locked out with its encryption key, or unknown to this program.
        case unusable
    }

    /// Whose key encrypts a table. DynamoDB encrypts all of them (Amazon DynamoDB Developer Guide, "Encryption at rest").
    package enum Encryption: Hashable, Sendable {
        /// A key that AWS owns: nobody else sees who uses it.
        case ownedByAWS
        /// A key in the account's KMS, managed by AWS or by the customer.
        case inAccount
        /// Changing, or not to be used now.
        case changing
    }

    /// Where it is in its life.
    package var status: Status
    /// Whether its key is `session_id`, a string, and nothing else.
    package var hasSessionKey: Bool
    /// Whose key encrypts it.
    package var encryption = Encryption.ownedByAWS
    /// How many items it had when that was last counted, up to six hours ago.
    package var itemCount: Int?
    /// Its global secondary indexes by name.
    package var indexes: [String: Index]

    /// What matters of an index.
    package struct Index: Hashable, Sendable {
        /// Whether it answers queries, and has all items.
        package var isActive: Bool
        /// Whether its key is `user_id` and nothing else.
        package var isByUser: Bool

        /// An index of that kind.
        package init(isActive: Bool, isByUser: Bool) {
            self.isActive = isActive
            self.isByUser = isByUser
        }
    }

    /// A description of these parts.
    package init(
        status: Status, hasSessionKey: Bool, indexes: [String: Index] = [:], encryption: Encryption = .ownedByAWS
    ) {
        self.status = status
        self.hasSessionKey = hasSessionKey
        self.indexes = indexes
        self.encryption = encryption
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
        self.encryption =
            switch node["SSEDescription"]?["Status"]?.string {
            case nil, "DISABLED": .ownedByAWS
            case "ENABLED": .inAccount
            default: .changing
            }
        self.itemCount = node["ItemCount"]?.integer.map { Int($0) }
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
package struct TimeToLiveDescription: Hashable, Sendable {
    /// Whether it is on (`TimeToLiveStatus`).
    package enum Status: Hashable, Sendable {
        case enabling, enabled, disabling, disabled
    }

    /// Whether it is on.
    package var status: Status
    /// The attribute it goes by.
    package var attribute: String?

    /// A setting of these parts.
    package init(status: Status, attribute: String? = nil) {
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
