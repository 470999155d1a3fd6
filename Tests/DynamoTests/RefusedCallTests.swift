import AWS
import EventLoop
import Logging
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// An answer of DynamoDB, as it writes it, and what comes of it.
struct RefusedCall: Sendable, CustomTestStringConvertible {
    var name: String
    var status = 400
    var type: String
    var sentence: String
    /// Some of DynamoDB's answers spell the member with a capital.
    var member = "message"
    var code: SessionStoreError.Code
    var advice: DynamoError.RetryAdvice
    /// What the sentence for the caller has to name.
    var names: [String]

    var testDescription: String { self.name }

    var body: String { #"{"__type":"\#(self.type)","\#(self.member)":"\#(self.sentence)"}"# }

    static let all = [
        RefusedCall(
            name: "throttled", type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            sentence:
                "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level "
                + "with the UpdateTable API.",
            code: .throttled, advice: .later, names: ["throttles", "try again later", "capacity"]),
        RefusedCall(
            name: "throttled by the control of requests", type: "com.amazon.coral.availability#ThrottlingException",
            sentence: "Rate of requests exceeds the allowed throughput.", code: .throttled, advice: .later,
            names: ["throttles", "try again later"]),
        RefusedCall(
            name: "denied", type: "com.amazon.coral.service#AccessDeniedException",
            sentence: "User: arn:aws:iam::123456789012:user/session-77 is not authorized to perform: dynamodb:GetItem on resource: "
                + "arn:aws:dynamodb:us-east-1:123456789012:table/sessions because no identity-based policy allows the dynamodb:GetItem action",
            member: "Message", code: .accessDenied, advice: .no, names: ["dynamodb:GetItem", "IAM policy"]),
        RefusedCall(
            name: "missing table", type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            sentence: "Requested resource not found",
            code: .tableMissing, advice: .no, names: ["create-table sessions", "BEDROCK_SESSIONS_TABLE", "AWS_REGION"]),
        RefusedCall(
            name: "wrong region", type: "com.amazon.coral.service#InvalidSignatureException",
            sentence: "Credential should be scoped to a valid region, not 'us-east-1'. ", code: .misconfigured, advice: .no,
            names: ["another region", "AWS_REGION", "AWS_ENDPOINT_URL_DYNAMODB"]),
        RefusedCall(
            name: "wrong service", type: "com.amazon.coral.service#InvalidSignatureException",
            sentence: "Credential should be scoped to correct service: 'sts'. ", code: .misconfigured, advice: .no,
            names: ["another service", "AWS_ENDPOINT_URL_DYNAMODB"]),
        RefusedCall(
            name: "expired token", type: "com.amazon.coral.service#ExpiredTokenException",
            sentence: "The security token included in the request is expired", code: .accessDenied, advice: .no,
            names: ["expired", "renew", "AWS_SESSION_TOKEN"]),
        RefusedCall(
            name: "unknown key", type: "com.amazon.coral.service#UnrecognizedClientException",
            sentence: "The security token included in the request is invalid.", code: .accessDenied, advice: .no,
            names: ["AWS_ACCESS_KEY_ID", "region and partition"]),
        RefusedCall(
            name: "failed inside", status: 500, type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
            sentence: "The request failed on item session-77",
            code: .unavailable, advice: .readFirst, names: ["try again"]),
    ]
}

@Suite("What each refusal of DynamoDB says", .timeLimit(.minutes(1)))
struct RefusedCallTests {
    private let key: SessionKey

    init() throws {
        self.key = .session(try SessionID("session-77"))
    }

    private func error(_ refusal: RefusedCall, _ body: (DynamoStore, SessionKey) async throws -> Void) async throws -> SessionStoreError {
        let server = try HTTPLoopback { request in .answer(refusal.status, [("x-amzn-RequestId", "REQ\(request.number)")], refusal.body) }
        let loop = try UVLoop(name: "refusal")
        let store = try DynamoStore(
            loop: loop,
            configuration: DynamoConfiguration(
                table: "sessions", region: "us-east-1", endpoint: server.url, readDeadline: .seconds(30), attemptDeadline: .seconds(30),
                writeBudget: .seconds(40)),
            credentials: AWSCredentials(accessKeyID: "AKIDHIDDEN", secretAccessKey: "hidden-secret", sessionToken: "hidden-token"),
            environment: Environment([:]), clock: SystemClock(), logger: Logger(label: "test"))
        var failure: SessionStoreError?
        do { try await body(store, self.key) } catch { failure = error as? SessionStoreError }
        await store.close()
        await loop.shutdown()
        return try #require(failure, "it was not refused")
    }

    @Test("throttled, denied, missing table, wrong region, expired token: each says what to do", arguments: RefusedCall.all)
    func read(refusal: RefusedCall) async throws {
        let error = try await self.error(refusal) { store, key in _ = try await store.session(key) }
        #expect(error.code == refusal.code)
        for name in refusal.names { #expect(error.message.contains(name), "\(name) is not in: \(error.message)") }
        let table = try #require(error.cause as? DynamoError)
        #expect(table.code == refusal.type.split(separator: "#").last.map(String.init))
        #expect(table.message == error.message && table.status == refusal.status && table.advice == refusal.advice)
        #expect(table.serviceMessage.contains(refusal.sentence.prefix(60)))
        let id = try #require(table.requestID)
        #expect(table.attempts >= 1 && id.hasPrefix("REQ"))
        #expect(error.underlying?.contains(id) == true)
        // Whatever prints it, it quotes neither what the service said nor a secret.
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", "\(table)", String(reflecting: error), String(reflecting: table), dumped] {
            #expect(!text.contains("session-77") && !text.lowercased().contains("hidden"), "\(text)")
            #expect(!text.contains(refusal.sentence), "\(text)")
        }
    }

    @Test(
        "a write's error has the same cause; where its outcome is unknown too", arguments: RefusedCall.all.filter { $0.code != .throttled })
    func write(refusal: RefusedCall) async throws {
        let error = try await self.error(refusal) { store, key in try await store.update(key, set: ["a": 1]) }
        #expect(error.code == (refusal.status >= 500 ? .outcomeUnknown : refusal.code))
        let table = try #require(error.cause as? DynamoError)
        #expect(table.code == refusal.type.split(separator: "#").last.map(String.init))
    }

    @Test("what never left has a cause too: no connection, after all attempts")
    func unreachable() async throws {
        let loop = try UVLoop(name: "refusal")
        let store = try DynamoStore(
            loop: loop,
            configuration: DynamoConfiguration(
                region: "us-east-1", endpoint: "http://127.0.0.1:\(try freePort())", readDeadline: .seconds(50)),
            credentials: AWSCredentials(accessKeyID: "id", secretAccessKey: "secret"), environment: Environment([:]), clock: SystemClock(),
            logger: Logger(label: "test"))
        let error = await #expect(throws: SessionStoreError.self) { try await store.session(self.key) }
        let table = try #require(error?.cause as? DynamoError)
        // A busy machine may not even hear of the refusal in time.
        #expect(["connection", "deadlineExceeded"].contains(table.code))
        #expect(table.attempts == 4 && table.status == 0 && table.requestID == nil)
        #expect(table.advice == .later && table.serviceMessage.isEmpty)
        await store.close()
        await loop.shutdown()
    }

    @Test("errors that differ in their cause alone are equal, for a cause is no part of what happened")
    func equality() {
        let plain = SessionStoreError(.throttled, "later", underlying: "x")
        var caused = plain
        caused.cause = DynamoError.unprocessed
        #expect(plain == caused && plain.hashValue == caused.hashValue && "\(plain)" == "\(caused)")
        #expect(plain != SessionStoreError(.throttled, "later"))
    }
}
