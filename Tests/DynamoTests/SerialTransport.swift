import AWS
import Dynamo
import TestSupport

/// One request at a time. moto's threads check a condition and write in two steps, so that two conditional writes can both succeed: there is nothing
/// that a client could do about it.
final class SerialTransport: DynamoTransport {
    private let base: any DynamoTransport
    private let isTaken = Observed(false)

    init(_ base: any DynamoTransport) {
        self.base = base
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        do throws(CancellationError) {
            try await self.isTaken.wait { isTaken in
                defer { isTaken = true }
                return !isTaken
            }
        } catch {
            throw AWSError(.cancelled, "cancelled before it was sent")
        }
        defer { self.isTaken.change { $0 = false } }
        return try await self.base.send(operation, body: body, deadline: deadline)
    }
}
