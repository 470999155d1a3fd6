import AWS
import EventLoop
import JSON
import Logging
import SessionStore
import SessionStoreTesting
import TestSupport
import Testing

@testable import Dynamo

@Suite("Errors of the table", .timeLimit(.minutes(2)))
struct DynamoErrorTests {
    private let key: SessionKey

    init() throws {
        self.key = .session(try SessionID("session-1"))
    }

    @Test(
        "each error of the service has a code and says what to do",
        arguments: [
            ("ResourceNotFoundException", 400, false, SessionStoreError.Code.tableMissing, "create-table NFTBedrockSessions"),
            ("UnrecognizedClientException", 400, false, .accessDenied, "AWS_ACCESS_KEY_ID"),
            ("InvalidSignatureException", 403, false, .accessDenied, "AWS_SECRET_ACCESS_KEY"),
            ("ExpiredTokenException", 400, false, .accessDenied, "AWS_SESSION_TOKEN"),
            ("AccessDeniedException", 400, false, .accessDenied, "IAM"),
            ("RequestExpired", 400, false, .accessDenied, "clock"),
            ("ProvisionedThroughputExceededException", 400, true, .throttled, "try again"),
            ("ThrottlingException", 400, true, .throttled, "try again"), ("InternalServerError", 500, false, .unavailable, "try again"),
            ("HTTP503", 503, false, .unavailable, "try again"), ("ResourceInUseException", 400, false, .unavailable, "active"),
            ("LimitExceededException", 400, false, .throttled, "try again"), ("SomethingNew", 400, false, .unavailable, "code"),
            ("ItemCollectionSizeLimitExceededException", 400, false, .tooLarge, "400 KB"),
        ])
    func service(code: String, status: Int, isThrottling: Bool, expected: SessionStoreError.Code, hint: String) {
        let error = AWSError(
            .service, "quotes secret-id", code: code, status: status, requestID: "R1", attempts: 3, isThrottling: isThrottling,
            outcome: .refused)
        let mapped = SessionStoreError(error, table: "NFTBedrockSessions")
        #expect(mapped.code == expected)
        #expect(mapped.message.contains(hint))
        #expect(!mapped.description.contains("secret-id"), "the service may quote keys")
        #expect(mapped.underlying?.contains(code) == true && mapped.underlying?.contains("R1") == true)
    }

    @Test("an error carries code, request id, attempts and advice, and prints nothing that the service said")
    func carried() {
        for (code, outcome, advice) in [
            ("ProvisionedThroughputExceededException", AWSError.Outcome.refused, DynamoError.RetryAdvice.later),
            ("ResourceNotFoundException", .refused, .no), ("AccessDeniedException", .refused, .no),
            ("ExpiredTokenException", .refused, .no), ("InternalServerError", .unknown, .readFirst),
        ] {
            let answer = AWSError(
                .service, "The item session-77 of 0xabc", code: code, status: 400, requestID: "R9", attempts: 4,
                isThrottling: code.hasPrefix("Provisioned"), outcome: outcome)
            let error = DynamoError(answer, table: "sessions", operation: .updateItem)
            #expect(error.code == code && error.requestID == "R9" && error.attempts == 4 && error.status == 400)
            #expect(error.advice == advice, "\(code)")
            #expect(error.serviceMessage.contains("session-77"), "for who asks for it")
            for text in [error.description, "\(error.storeError)"] {
                #expect(!text.contains("session-77") && !text.contains("0xabc"))
                #expect(text.contains("R9") && text.contains(code))
            }
        }
    }

    @Test("a refusal names the rights that the operation needs", arguments: DynamoOperation.allCases)
    func rights(operation: DynamoOperation) {
        let refused = AWSError(.service, "User arn:x is not authorized", code: "AccessDeniedException", status: 400)
        let error = SessionStoreError(refused, table: "sessions", operation: operation)
        #expect(error.code == .accessDenied)
        #expect(error.message.contains(operation.rawValue) && error.message.contains("dynamodb:") && error.message.contains("IAM"))
    }

    @Test("an endpoint of another region says which settings have to agree")
    func wrongRegion() {
        let refused = AWSError(
            .service, "Credential should be scoped to a valid region, not 'us-east-1'. ", code: "InvalidSignatureException", status: 400)
        let error = SessionStoreError(refused, table: "sessions")
        #expect(error.code == .misconfigured)
        #expect(error.message.contains("AWS_REGION") && error.message.contains("AWS_ENDPOINT_URL_DYNAMODB"))
    }

    @Test("what the service calls a validation error is told apart by its sentence")
    func validation() {
        for (text, code) in [
            ("Item size to update has exceeded the maximum allowed size", SessionStoreError.Code.tooLarge),
            ("Item size has exceeded the maximum allowed size", .tooLarge),
            ("The provided key element does not match the schema", .misconfigured),
            ("One of the required keys was not given: Missing the key session_id", .misconfigured),
            ("ExpressionAttributeValues must not be empty", .invalidValue),
        ] {
            #expect(SessionStoreError(AWSError(.service, text, code: "ValidationException", status: 400), table: "t").code == code)
        }
    }

    @Test("each failure below the service has a code of the store")
    func below() {
        for (kind, code) in [
            (AWSError.Kind.noCredentials, SessionStoreError.Code.accessDenied), (.configuration, .misconfigured),
            (.connection, .unavailable),
            (.deadlineExceeded, .deadlineExceeded), (.lostAnswer, .unavailable), (.overloaded, .overloaded), (.cancelled, .cancelled),
            (.closed, .closed), (.crypto, .unavailable),
        ] {
            let mapped = SessionStoreError(AWSError(kind, "do this"), table: "t")
            #expect(mapped.code == code)
            #expect(!mapped.message.isEmpty)
        }
    }

    @Test("a configuration that cannot work names every problem at once")
    func configuration() throws {
        let broken = DynamoConfiguration(
            table: "a b", timeToLive: .zero, readDeadline: .zero, attemptDeadline: .seconds(9), writeBudget: .seconds(5),
            batchConcurrency: 0)
        #expect {
            try broken.validate()
        } throws: { error in
            guard let error = error as? SessionStoreError, error.code == .misconfigured else { return false }
            return ["name", "time to live", "read deadline", "attempt deadline", "batch concurrency"].allSatisfy {
                error.message.contains($0)
            }
        }
        try DynamoConfiguration().validate()
        #expect(DynamoConfiguration().table == "NFTBedrockSessions")
    }

    @Test(
        "an answer that is cut off or no DynamoDB is an error, never an absent session",
        arguments: ["", "{", "[]", "null", "<html>", #"{"Item":{"session_id":{"S":"x"}"#, "{\"Item\":{}} x"])
    func brokenAnswers(answer: String) async throws {
        let transport = ScriptedTransport { _ in .success(Array(answer.utf8)) }
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(), clock: ShiftedClock(),
            logger: Logger(label: "test"))
        await #expect(throws: DynamoError.unreadableAnswer.storeError) { try await store.session(self.key) }
        await #expect { try await store.update(self.key, set: ["a": 1]) } throws: { ($0 as? SessionStoreError)?.code == .outcomeUnknown }
        await #expect(throws: SessionStoreError.self) { try await store.delete(self.key) }
    }

    @Test("a batch reads each key once, a bounded number at a time")
    func batch() async throws {
        let running = Observed((now: 0, most: 0, all: 0))
        let transport = ScriptedTransport { _ in
            running.change { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) }
            // Nobody is answered before as many run as may; then there is time for one too many.
            try? await running.wait { $0.most >= 4 }
            for _ in 0..<20 { await Task.yield() }
            running.change { $0.now -= 1 }
            return .success(Array("{}".utf8))
        }
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(batchConcurrency: 4, batchesReads: false),
            clock: ShiftedClock(),
            logger: Logger(label: "test"))
        let keys = try (0..<50).map { SessionKey.session(try SessionID("session-\($0)")) }
        let user = try UserID("u1")
        let answers = try await store.read(batch: keys + keys + [.user(user)], as: .anonymous, consistency: .cached)
        #expect(answers.count == 51)
        #expect(answers[.user(user)] == .failure(.notOwner))
        #expect(keys.allSatisfy { answers[$0] == .success(nil) })
        #expect(running.value.all == 50 && running.value.most == 4)
    }

    @Test("no write goes on beyond its budget", arguments: [AWSError.Outcome.refused, .unknown])
    func budget(outcome: AWSError.Outcome) async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport { operation in
            clock.advance(by: .seconds(3))
            if outcome == .unknown, operation == .updateItem { return .failure(AWSError(.lostAnswer, "lost", outcome: .unknown)) }
            if operation == .getItem { return .success(Array("{}".utf8)) }
            return .failure(AWSError(.service, "", code: "ConditionalCheckFailedException", status: 400))
        }
        let store = try DynamoStore(
            client: DynamoClient(transport: transport), configuration: DynamoConfiguration(), clock: clock, logger: Logger(label: "test"))
        let expected: SessionStoreError.Code = outcome == .unknown ? .outcomeUnknown : .deadlineExceeded
        await #expect { try await store.update(self.key, set: ["a": 1]) } throws: { ($0 as? SessionStoreError)?.code == expected }
    }

    @Test(
        "a missing table and a wrong secret are told apart on a real server",
        .enabled(if: DynamoServer.kinds.contains(.ministack), "\(DynamoServer.reason)"))
    func realServer() async throws {
        let server = try await DynamoServer.running()
        let loop = try UVLoop(name: "dynamo-test")
        func store(_ secret: String, _ table: String) throws -> DynamoStore {
            try DynamoStore(
                loop: loop,
                configuration: DynamoConfiguration(
                    table: table, region: "us-east-1", endpoint: server.endpoint, readDeadline: .seconds(40), attemptDeadline: .seconds(40),
                    writeBudget: .seconds(50)),
                credentials: AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: secret), environment: Environment([:]),
                clock: SystemClock(), logger: Logger(label: "test"))
        }
        let missing = try store(server.secretAccessKey, DynamoServer.tableName())
        let forged = try store("wrong", DynamoServer.tableName())
        for (store, code) in [(missing, SessionStoreError.Code.tableMissing), (forged, .accessDenied)] {
            await #expect { try await store.session(self.key) } throws: { ($0 as? SessionStoreError)?.code == code }
            await #expect { try await store.update(self.key, set: ["a": 1]) } throws: { ($0 as? SessionStoreError)?.code == code }
            let batch = try await store.read(batch: [self.key], as: .anonymous, consistency: .strong)
            #expect(throws: SessionStoreError.self) { try batch[self.key]?.get() }
            await store.close()
            await #expect { try await store.session(self.key) } throws: { ($0 as? SessionStoreError)?.code == .closed }
        }
        await loop.shutdown()
    }

    @Test("without credentials and without a region it says which variables to set")
    func nothingConfigured() async throws {
        let loop = try UVLoop(name: "dynamo-test")
        let files = ["AWS_CONFIG_FILE": "/nonexistent/config", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials"]
        #expect {
            try DynamoStore(loop: loop, environment: Environment(files), clock: SystemClock(), logger: Logger(label: "test"))
        } throws: { error in
            guard let error = error as? SessionStoreError else { return false }
            return error.code == .misconfigured && error.message.contains("AWS_REGION")
        }
        let store = try DynamoStore(
            loop: loop, configuration: DynamoConfiguration(region: "us-east-1", endpoint: "http://127.0.0.1:1"),
            environment: Environment(files),
            clock: SystemClock(), logger: Logger(label: "test"))
        await #expect {
            try await store.session(self.key)
        } throws: { error in
            guard let error = error as? SessionStoreError else { return false }
            return error.code == .accessDenied && error.message.contains("AWS_ACCESS_KEY_ID") && error.underlying == nil
        }
        await loop.shutdown()
    }
}

/// Answers as the test says.
struct ScriptedTransport: DynamoTransport {
    let answer: @Sendable (DynamoOperation) async -> Result<[UInt8], AWSError>

    func send(_ operation: DynamoOperation, body: [UInt8], deadline: Duration) async throws(AWSError) -> [UInt8] {
        try await self.answer(operation).get()
    }
}
