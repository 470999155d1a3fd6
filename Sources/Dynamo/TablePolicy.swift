import AWS
package import JSON

/// The least rights of who uses a table, as an IAM policy document.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB" and "... for Amazon ElastiCache"; KMS: Amazon DynamoDB
/// Developer Guide, "Using a customer managed key".
package struct TablePolicy: Hashable, Sendable {
    /// A right beyond reading and writing one session at a time.
    package enum Extra: String, CaseIterable, Sendable {
        /// Which sessions a user has, asked of the index on `user_id`.
        case index
        /// Many reads in one request.
        case batch
        /// Walking the whole table.
        case audit
        /// Removing items before their time to live does.
        case purge
    }

    /// An ElastiCache that is entered with the identity of the role.
    package struct Cache: Hashable, Sendable {
        package var name: String
        package var user: String
        package var isServerless: Bool

        package init(name: String, user: String, isServerless: Bool) {
            self.name = name
            self.user = user
            self.isServerless = isServerless
        }
    }

    package var table: String
    /// The name of the index on `user_id`.
    package var userIndex: String
    /// An AWS region, or `*`.
    package var region: String
    /// Twelve digits, or `*`.
    package var account: String
    package var extras: Set<Extra>
    /// The ARN of the customer's key that encrypts the table, if one does.
    package var key: String?
    package var cache: Cache?

    package init(table: String, userIndex: String, region: String = "*", account: String = "*") {
        self.table = table
        self.userIndex = userIndex
        self.region = region
        self.account = account
        self.extras = []
    }

    /// The policy document.
    package var document: JSONValue {
        var statements = [Self.statement("Sessions", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [self.tableARN])]
        for extra in Extra.allCases where self.extras.contains(extra) { statements.append(self.statement(for: extra)) }
        if let key { statements.append(self.statement(forKey: key)) }
        if let cache { statements.append(self.statement(for: cache)) }
        return ["Version": "2012-10-17", "Statement": .array(statements.map { .object($0) })]
    }

    private var partition: AWSPartition { AWSPartition(region: self.region) }
    private var tableARN: String { "arn:\(self.partition.name):dynamodb:\(self.region):\(self.account):table/\(self.table)" }

    private func statement(for extra: Extra) -> [JSONValue.Member] {
        switch extra {
        case .index: Self.statement("Index", ["dynamodb:Query"], ["\(self.tableARN)/index/\(self.userIndex)"])
        case .batch: Self.statement("Batch", ["dynamodb:BatchGetItem"], [self.tableARN])
        case .audit: Self.statement("Audit", ["dynamodb:Scan"], [self.tableARN])
        case .purge: Self.statement("Purge", ["dynamodb:DeleteItem"], [self.tableARN])
        }
    }

    private func statement(forKey key: String) -> [JSONValue.Member] {
        let actions = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        let service = JSONValue.string("dynamodb.\(self.region).\(self.partition.suffix)")
        return Self.statement("Key", actions, [key]) + [.init("Condition", ["StringLike": ["kms:ViaService": service]])]
    }

    private func statement(for cache: Cache) -> [JSONValue.Member] {
        let prefix = "arn:\(self.partition.name):elasticache:\(self.region):\(self.account)"
        let kind = cache.isServerless ? "serverlesscache" : "replicationgroup"
        return Self.statement("Cache", ["elasticache:Connect"], ["\(prefix):\(kind):\(cache.name)", "\(prefix):user:\(cache.user)"])
    }

    private static func statement(_ name: String, _ actions: [String], _ resources: [String]) -> [JSONValue.Member] {
        [
            .init("Sid", .string(name)), .init("Effect", "Allow"), .init("Action", .array(actions.map { .string($0) })),
            .init("Resource", resources.count == 1 ? .string(resources[0]) : .array(resources.map { .string($0) })),
        ]
    }
}
