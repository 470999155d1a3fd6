import JSON

extension DynamoClient {
    /// Describes a table; nil when there is none.
    func describeTable(_ table: String, deadline: Duration) async throws(DynamoError) -> TableDescription? {
        do throws(DynamoError) {
            let description = try await self.call(.describeTable, table, Self.request(table), deadline) { node in
                node["Table"].map { TableDescription($0) }
            }
            guard let description else { throw .unreadableAnswer }
            return description
        } catch  where error.code == "ResourceNotFoundException" {
            return nil
        }
    }

    /// Creates a table for sessions: on-demand, encrypted with the account's AWS-managed key, with an index on `user_id` if it has a name.
    func createTable(_ table: String, userIndex: String? = nil, deadline: Duration) async throws(DynamoError) {
        let key = JSONValue.string(ItemAttribute.key.rawValue)
        var attributes: [JSONValue] = [["AttributeName": key, "AttributeType": "S"]]
        if userIndex != nil { attributes.append(Self.ownerAttribute) }
        var request: JSONValue = [
            "TableName": .string(table),
            "AttributeDefinitions": .array(attributes),
            "KeySchema": [["AttributeName": key, "KeyType": "HASH"]],
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": ["Enabled": true],
        ]
        if let userIndex { request["GlobalSecondaryIndexes"] = [Self.userIndex(userIndex)] }
        try await self.call(.createTable, table, request.encoded, deadline) { _ in }
    }

    /// Adds the index on `user_id` to a table that is there.
    func createUserIndex(_ table: String, index: String, deadline: Duration) async throws(DynamoError) {
        let key: JSONValue = ["AttributeName": .string(ItemAttribute.key.rawValue), "AttributeType": "S"]
        let request: JSONValue = [
            "TableName": .string(table),
            "AttributeDefinitions": [key, Self.ownerAttribute],
            "GlobalSecondaryIndexUpdates": [["Create": Self.userIndex(index)]],
        ]
        try await self.call(.updateTable, table, request.encoded, deadline) { _ in }
    }

    private static var ownerAttribute: JSONValue { ["AttributeName": .string(ItemAttribute.owner.rawValue), "AttributeType": "S"] }

    /// Keys only: the sessions themselves are read from the table, consistently.
    private static func userIndex(_ name: String) -> JSONValue {
        [
            "IndexName": .string(name),
            "KeySchema": [["AttributeName": .string(ItemAttribute.owner.rawValue), "KeyType": "HASH"]],
            "Projection": ["ProjectionType": "KEYS_ONLY"],
        ]
    }

    /// Whether a table can be restored to any second of the last weeks (point-in-time recovery).
    func describeBackups(_ table: String, deadline: Duration) async throws(DynamoError) -> Bool {
        let status = try await self.call(.describeContinuousBackups, table, Self.request(table), deadline) { node in
            node["ContinuousBackupsDescription"].map {
                $0["PointInTimeRecoveryDescription"]?["PointInTimeRecoveryStatus"]?.string == "ENABLED"
            }
        }
        guard let status else { throw .unreadableAnswer }
        return status
    }

    /// Turns point-in-time recovery on.
    func enableBackups(_ table: String, deadline: Duration) async throws(DynamoError) {
        let request: JSONValue = [
            "TableName": .string(table), "PointInTimeRecoverySpecification": ["PointInTimeRecoveryEnabled": true],
        ]
        try await self.call(.updateContinuousBackups, table, request.encoded, deadline) { _ in }
    }

    /// Describes a table's time-to-live setting.
    func describeTimeToLive(_ table: String, deadline: Duration) async throws(DynamoError) -> TimeToLiveDescription {
        let description = try await self.call(.describeTimeToLive, table, Self.request(table), deadline) { node in
            node["TimeToLiveDescription"].map { TimeToLiveDescription($0) }
        }
        guard let description else { throw .unreadableAnswer }
        return description
    }

    /// Lets items end at their `expiration`.
    func enableTimeToLive(_ table: String, deadline: Duration) async throws(DynamoError) {
        let request: JSONValue = [
            "TableName": .string(table),
            "TimeToLiveSpecification": ["Enabled": true, "AttributeName": .string(ItemAttribute.expiration.rawValue)],
        ]
        try await self.call(.updateTimeToLive, table, request.encoded, deadline) { _ in }
    }

    private static func request(_ table: String) -> [UInt8] {
        JSONValue.object([JSONValue.Member("TableName", .string(table))]).encoded
    }
}
