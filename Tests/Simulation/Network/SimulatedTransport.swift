internal import AWS
internal import Dynamo
internal import SessionStore

/// What carries the requests of the shipped `DynamoStore` to the simulated table.
struct SimulatedTransport: DynamoTransport {
    let process: Process
    let world: World

    private enum Served: Sendable {
        case answer(SimulatedTable.Answer)
        case refused(AWSError)
    }

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        let (world, process) = (self.world, self.process)
        let attempt = world.attemptSent(operation == .updateItem)
        let (fate, refusal) = world.tableFate(operation == .updateItem)
        let limit = world.scheduler.choose { $0.chance(1, in: 10) ? 1 : 100 }
        let sentAt = world.scheduler.now
        let result = await self.process.exchange(.table, fate, deadline: deadline) { () -> Served? in
            if let refusal { return .refused(refusal) }
            switch operation.rawValue {
            case "GetItem": return .answer(world.table.get(body))
            case "BatchGetItem": return .answer(world.table.batchGet(body, limit: limit))
            case "UpdateItem": return .answer(world.update(body, attempt, from: process))
            default: return .answer(.invalid)
            }
        }
        switch result {
        case .success(.answer(.body(let body))):
            world.tableEnded(process, from: sentAt, isAnswered: true)
            return body
        case .success(.answer(.conditionFailed(let body))):
            world.tableEnded(process, from: sentAt, isAnswered: true)
            throw AWSError(
                .service, "condition", code: "ConditionalCheckFailedException", status: 400, outcome: .refused, body: body)
        case .success(.answer(.invalid)): throw AWSError(.service, "invalid", code: "ValidationException", status: 400)
        case .success(.refused(let error)):
            world.tableEnded(process, from: sentAt, isAnswered: false)
            if error.outcome == .unknown { world.answerLost(attempt) }
            throw error
        case .failure(let error):
            world.tableEnded(process, from: sentAt, isAnswered: false)
            world.answerLost(attempt)
            throw Self.error(error.ending)
        }
    }

    private static func error(_ ending: Ending) -> AWSError {
        switch ending {
        case .timedOut: AWSError(.deadlineExceeded, "no answer in time", outcome: .unknown)
        case .broken: AWSError(.lostAnswer, "the connection ended", outcome: .unknown)
        case .cancelled: AWSError(.cancelled, "cancelled", outcome: .unknown)
        case .dead: AWSError(.closed, "the process is dead", outcome: .unknown)
        }
    }
}
