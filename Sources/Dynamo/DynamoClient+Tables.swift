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

    /// Creates a table for sessions: on-demand, encrypted with the account's AWS-managed key.
    func createTable(_ table: String, deadline: Duration) async throws(DynamoError) {
        let key = JSONValue.string(ItemAttribute.key.rawValue)
        let request: JSONValue = [
            "TableName": .string(table),
            "AttributeDefinitions": [["AttributeName": key, "AttributeType": "S"]],
            "KeySchema": [["AttributeName": key, "KeyType": "HASH"]],
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": ["Enabled": true],
        ]
        try await self.call(.createTable, table, request.encoded, deadline) { _ in }
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
