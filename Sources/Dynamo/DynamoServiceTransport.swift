import AWS
import HTTP

/// DynamoDB over signed HTTP.
struct DynamoServiceTransport: DynamoTransport {
    private let service: AWSServiceClient

    init(service: AWSServiceClient) {
        self.service = service
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        let call = AWSCall(target: operation.target, body: body, retryAfterSent: operation.isRepeatable)
        return try await self.service.call(call, deadline: deadline).body
    }
}
