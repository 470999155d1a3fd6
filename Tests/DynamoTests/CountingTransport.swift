import AWS
import Dynamo
import Locked

/// Notes what is sent.
final class CountingTransport: DynamoTransport {
    private let base: any DynamoTransport
    private let sent = Locked([DynamoOperation]())

    init(_ base: any DynamoTransport) {
        self.base = base
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        self.sent.withLock { $0.append(operation) }
        return try await self.base.send(operation, body: body, deadline: deadline)
    }

    /// What was sent since the last call.
    func take() -> [DynamoOperation] {
        self.sent.withLock { sent in
            defer { sent = [] }
            return sent
        }
    }
}
