package import AWS

/// The operations of DynamoDB that this program uses.
package enum DynamoOperation: String, CaseIterable, Sendable {
    case getItem = "GetItem"
    case putItem = "PutItem"
    case updateItem = "UpdateItem"
    case describeTable = "DescribeTable"
    case createTable = "CreateTable"
    case updateTimeToLive = "UpdateTimeToLive"
    case describeTimeToLive = "DescribeTimeToLive"

    /// The value of `X-Amz-Target`: the API's version and the operation.
    package var target: String { "DynamoDB_20120810.\(self.rawValue)" }

    /// Whether a second request does no harm when the first may have been executed. UpdateItem is repeated by the store alone, which reads first.
    package var isRepeatable: Bool {
        switch self {
        case .getItem, .describeTable, .describeTimeToLive: true
        case .putItem, .updateItem, .createTable, .updateTimeToLive: false
        }
    }
}

/// What carries DynamoDB's requests: signed HTTP, or a test's script.
package protocol DynamoTransport: Sendable {
    /// Sends a request's JSON, answers with the response's. Throws for everything but a response of status 200.
    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8]
}
