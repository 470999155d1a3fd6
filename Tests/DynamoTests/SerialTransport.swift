import AWS
import Dynamo
import Locked

/// One request at a time. moto's threads check a condition and write in two steps, so that two conditional writes can both succeed: there is nothing
/// that a client could do about it.
final class SerialTransport: DynamoTransport {
    private let base: any DynamoTransport
    private let turn = Locked((isTaken: false, waiting: [CheckedContinuation<Void, Never>]()))

    init(_ base: any DynamoTransport) {
        self.base = base
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        await withCheckedContinuation { continuation in
            let isMine = self.turn.withLock { turn in
                if turn.isTaken {
                    turn.waiting.append(continuation)
                    return false
                }
                turn.isTaken = true
                return true
            }
            if isMine { continuation.resume() }
        }
        defer {
            let next = self.turn.withLock { turn -> CheckedContinuation<Void, Never>? in
                if turn.waiting.isEmpty {
                    turn.isTaken = false
                    return nil
                }
                return turn.waiting.removeFirst()
            }
            next?.resume()
        }
        return try await self.base.send(operation, body: body, deadline: deadline)
    }
}
