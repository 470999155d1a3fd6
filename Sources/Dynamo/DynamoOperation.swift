/// The operations of DynamoDB that this program uses.
package enum DynamoOperation: String, CaseIterable, Sendable {
    case getItem = "GetItem"
    case batchGetItem = "BatchGetItem"
    case putItem = "PutItem"
    case updateItem = "UpdateItem"
    case deleteItem = "DeleteItem"
    case query = "Query"
    case scan = "Scan"
    case describeTable = "DescribeTable"
    case createTable = "CreateTable"
    case updateTable = "UpdateTable"
    case updateTimeToLive = "UpdateTimeToLive"
    case describeTimeToLive = "DescribeTimeToLive"
    case updateContinuousBackups = "UpdateContinuousBackups"
    case describeContinuousBackups = "DescribeContinuousBackups"

    /// The value of `X-Amz-Target`: the API's version and the operation.
    package var target: String {
        // Spelled out: a text that is put together is an allocation for each request.
        switch self {
        case .getItem: "DynamoDB_20120810.GetItem"
        case .batchGetItem: "DynamoDB_20120810.BatchGetItem"
        case .putItem: "DynamoDB_20120810.PutItem"
        case .updateItem: "DynamoDB_20120810.UpdateItem"
        case .deleteItem: "DynamoDB_20120810.DeleteItem"
        case .query: "DynamoDB_20120810.Query"
        case .scan: "DynamoDB_20120810.Scan"
        case .describeTable: "DynamoDB_20120810.DescribeTable"
        case .createTable: "DynamoDB_20120810.CreateTable"
        case .updateTable: "DynamoDB_20120810.UpdateTable"
        case .updateTimeToLive: "DynamoDB_20120810.UpdateTimeToLive"
        case .describeTimeToLive: "DynamoDB_20120810.DescribeTimeToLive"
        case .updateContinuousBackups: "DynamoDB_20120810.UpdateContinuousBackups"
        case .describeContinuousBackups: "DynamoDB_20120810.DescribeContinuousBackups"
        }
    }

    /// Whether a second request does no harm when the first may have been executed. UpdateItem is repeated by the store alone, which reads first.
    package var isRepeatable: Bool {
        switch self {
        case .getItem, .batchGetItem, .query, .scan, .describeTable, .describeTimeToLive, .describeContinuousBackups: true
        case .putItem, .updateItem, .deleteItem, .createTable, .updateTable, .updateTimeToLive, .updateContinuousBackups: false
        }
    }

    /// The actions of an IAM policy that allow it, and what to allow them on.
    var rights: String {
        switch self {
        case .getItem, .putItem, .updateItem: "dynamodb:GetItem, PutItem and UpdateItem on it"
        case .batchGetItem, .deleteItem, .scan: "dynamodb:\(self.rawValue) on it"
        case .query: "dynamodb:Query on it and on its index"
        case .describeTable, .createTable, .updateTimeToLive, .describeTimeToLive:
            "dynamodb:CreateTable, DescribeTable, UpdateTimeToLive and DescribeTimeToLive on it"
        case .updateTable: "dynamodb:UpdateTable on it"
        case .updateContinuousBackups, .describeContinuousBackups:
            "dynamodb:UpdateContinuousBackups and DescribeContinuousBackups on it"
        }
    }
}
