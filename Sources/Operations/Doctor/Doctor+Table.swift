import Dynamo
import SessionStore
import Wiring

extension Doctor {
    /// The checks of a table on DynamoDB.
    func tableDiagnoses() async -> [Diagnosis] {
        guard let dynamo = self.services.dynamo else { return [] }
        let read = await Self.outcome { () async throws(DynamoError) in try await dynamo.probe(.getItem) }
        if case .failure(let error) = read, error.storeError.code != .accessDenied {
            // Nothing else would answer either; each check says that it was not made.
            return [.table(read, .failed(error.message), self.place), .keySchema(read, .failed(error.message), self.place)]
                + [Check.timeToLive, .encryption, .recovery, .rights, .olderItems, .tableLatency].map {
                    Diagnosis($0, .unknown, "not checked: the table does not answer as it should")
                }
        }
        let table = await Self.evidence("dynamodb:DescribeTable") { () async throws(DynamoError) in try await dynamo.describeTable() }
        let times = await Self.evidence("dynamodb:DescribeTimeToLive") { () async throws(DynamoError) in
            try await dynamo.describeTimeToLive()
        }
        let recovery = await Self.evidence("dynamodb:DescribeContinuousBackups") { () async throws(DynamoError) in
            try await dynamo.describeRecovery()
        }
        let sample = await Self.evidence("dynamodb:Scan") { () async throws(DynamoError) in try await dynamo.sample(200) }
        let latency = await Self.evidence("dynamodb:GetItem") { () async throws(DynamoError) in
            try await Self.measured { () async throws(DynamoError) in try await dynamo.probe(.getItem) }
        }
        return [
            .table(read, table, self.place), .keySchema(read, table, self.place), .timeToLive(times, self.place),
            .encryption(table, self.place), .recovery(recovery, self.place), .rights(await self.rights(dynamo), self.place),
            .olderItems(sample),
            .latency(
                .tableLatency, latency, slow: .milliseconds(100), broken: .seconds(1),
                fix: "run in the table's region, with a VPC endpoint for DynamoDB"),
        ]
    }

    /// The store of a file or of this process's memory: it answers, or not.
    func embeddedLatency() async -> Diagnosis {
        let table = self.services.table
        let times = await Self.evidence { () async throws(SessionStoreError) in
            try await Self.measured { () async throws(SessionStoreError) in
                _ = try await table.read(SessionRead(.session(SessionID("bedrock-sessions:probe")), as: .asOperator))
            }
        }
        return .latency(.tableLatency, times, slow: .milliseconds(100), broken: .seconds(1), fix: "keep the file on a local disk")
    }

    private func rights(_ dynamo: DynamoStore) async -> [DynamoOperation: Evidence<Void>] {
        var held: [DynamoOperation: Evidence<Void>] = [:]
        for operation in [DynamoOperation.getItem, .putItem, .updateItem, .batchGetItem, .query, .scan, .deleteItem] {
            held[operation] = await Self.evidence("dynamodb:\(operation.rawValue)") { () async throws(DynamoError) in
                try await dynamo.probe(operation)
            }
        }
        return held
    }

    static func outcome<Failure: Error>(_ question: () async throws(Failure) -> Void) async -> Result<Void, Failure> {
        do throws(Failure) {
            return .success(try await question())
        } catch {
            return .failure(error)
        }
    }

    /// The answer to a question of the table, or why there is none.
    private static func evidence<Value: Sendable>(
        _ right: String, _ question: () async throws(DynamoError) -> Value
    ) async -> Evidence<Value> {
        do throws(DynamoError) {
            return .known(try await question())
        } catch {
            return error.code == "AccessDeniedException" ? .refused(right: right) : .failed(error.message)
        }
    }

    private static func evidence<Value: Sendable>(
        _ question: () async throws(SessionStoreError) -> Value
    ) async -> Evidence<Value> {
        do throws(SessionStoreError) {
            return .known(try await question())
        } catch {
            return .failed(error.message)
        }
    }
}
