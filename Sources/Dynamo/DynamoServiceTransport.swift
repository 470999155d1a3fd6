import AWS
import HTTP
import Spans

/// DynamoDB over signed HTTP.
struct DynamoServiceTransport: DynamoTransport {
    private let service: AWSServiceClient
    private let metrics: DynamoMetrics
    /// Nil: nobody wants to know.
    private let spans = SpanRecorder()

    init(service: AWSServiceClient, metrics: DynamoMetrics) {
        self.service = service
        self.metrics = metrics
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        let call = AWSCall(target: operation.target, body: body, retryAfterSent: operation.isRepeatable)
        if let spans = self.spans { return try await self.send(call, operation, deadline, recordedBy: spans) }
        return try await self.metrics.timing(operation) { () async throws(AWSError) in
            try await self.service.call(call, deadline: deadline).body
        }
    }

    /// Source of the names: OpenTelemetry's semantic conventions for DynamoDB.
    private func send(
        _ call: AWSCall, _ operation: DynamoOperation, _ deadline: Duration, recordedBy spans: SpanRecorder
    ) async throws(AWSError) -> [UInt8] {
        try await spans.record(.dynamo(operation.rawValue), kindOfFailure: \.code) { (span) async throws(AWSError) in
            span.set(.databaseSystem, "aws.dynamodb")
            span.set(.databaseOperation, operation.rawValue)
            do throws(AWSError) {
                let answer = try await self.metrics.timing(operation) { () async throws(AWSError) in
                    try await self.service.call(call, deadline: deadline)
                }
                span.set(.awsRequestID, received: answer.headers["x-amzn-requestid"])
                span.set(.httpStatus, answer.status)
                return answer.body
            } catch {
                span.set(.awsRequestID, received: error.requestID)
                if error.status != 0 { span.set(.httpStatus, error.status) }
                throw error
            }
        }
    }
}
