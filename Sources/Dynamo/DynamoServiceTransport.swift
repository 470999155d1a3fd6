import AWS
import HTTP

/// DynamoDB over signed HTTP.
struct DynamoServiceTransport: DynamoTransport {
    private let service: AWSServiceClient
    private let metrics: DynamoMetrics

    init(service: AWSServiceClient, metrics: DynamoMetrics) {
        self.service = service
        self.metrics = metrics
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        let call = AWSCall(target: operation.target, body: body, retryAfterSent: operation.isRepeatable)
        return try await self.metrics.timing(operation) { () async throws(AWSError) in
            try await self.service.call(call, deadline: deadline).body
        }
    }
}
