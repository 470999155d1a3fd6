package import AWS

/// What carries DynamoDB's requests: signed HTTP, or a test's script.
package protocol DynamoTransport: Sendable {
    /// Sends a request's JSON, answers with the response's. Throws for everything but a response of status 200.
    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8]
}
