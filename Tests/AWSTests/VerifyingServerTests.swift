import EventLoop
import HTTP
import Locked
import TestSupport
import Testing

@testable import AWS

@Suite(
    "A server that verifies signatures", .enabled(if: DynamoServer.isAvailable, "no DynamoDB to test against"), .timeLimit(.minutes(1)))
struct VerifyingServerTests {
    /// Sends ListTables with these credentials and this clock; answers with the dates it heard and how often it sent.
    private func list(
        _ credentials: AWSCredentials, clock: AWSClock = .system, at endpoint: String
    ) async throws -> Result<HTTPAnswer, AWSError> {
        let loop = try UVLoop()
        let client = try AWSServiceClient(
            configuration: AWSServiceConfiguration(service: "dynamodb", region: "us-east-1", endpoint: AWSEndpoint(url: endpoint)),
            http: HTTPClient(loop: loop), loop: loop, credentials: CredentialChain([StaticCredentials(credentials)], now: clock.seconds),
            clock: clock)
        let call = AWSCall(target: "DynamoDB_20120810.ListTables", body: Array("{}".utf8), retryAfterSent: true)
        let result: Result<HTTPAnswer, AWSError>
        do throws(AWSError) {
            result = .success(try await client.call(call, deadline: .seconds(40)))
        } catch {
            result = .failure(error)
        }
        await loop.shutdown()
        return result
    }

    private func keys(_ server: DynamoServer) -> AWSCredentials {
        AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey)
    }

    private func error(_ result: Result<HTTPAnswer, AWSError>) throws -> AWSError {
        guard case .failure(let error) = result else {
            Issue.record("it was accepted")
            return AWSError(.crypto, "")
        }
        return error
    }

    @Test("a right signature is accepted, a wrong secret and a strange token are refused")
    func secrets() async throws {
        let server = try await DynamoServer.running()
        let keys = self.keys(server)
        #expect(try await self.list(keys, at: server.endpoint).get().status == 200)
        var wrong = keys
        wrong.secretAccessKey += "x"
        #expect(try self.error(await self.list(wrong, at: server.endpoint)).isAccessDenied)
        let token = AWSCredentials(accessKeyID: "ASIAUNKNOWN", secretAccessKey: "s", sessionToken: "expired-long-ago")
        #expect(try self.error(await self.list(token, at: server.endpoint)).isAccessDenied)
    }

    @Test("a clock that is an hour wrong costs one refused attempt", arguments: [-3600, 3600])
    func skewedClock(offset: Int64) async throws {
        let server = try await DynamoServer.running()
        let clock = AWSClock(seconds: { AWSClock.system.seconds() + offset }, uptime: AWSClock.system.uptime, random: { 0 })
        #expect(try await self.list(self.keys(server), clock: clock, at: server.endpoint).get().status == 200)
    }

    @Test("a body, a date or a field that was changed after signing is refused")
    func tampered() async throws {
        let server = try await DynamoServer.running()
        let endpoint = try AWSEndpoint(url: server.endpoint)
        let signer = try Signer(service: "dynamodb", region: "us-east-1")
        let loop = try UVLoop()
        let http = HTTPClient(loop: loop)
        func status(date offset: Int64 = 0, changing change: (inout HTTPCall) -> Void = { _ in }) async throws -> Int {
            let headers = HTTPHeaders([
                ("Host", endpoint.host), ("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "DynamoDB_20120810.ListTables"),
            ])
            var request = SigningRequest(method: "POST", path: "/", headers: headers, payload: .bytes(Array("{}".utf8)))
            try signer.sign(&request, with: self.keys(server), at: SigningDate(seconds: AWSClock.system.seconds() + offset))
            var call = HTTPCall(method: "POST", url: endpoint.url, headers: request.headers, body: Array("{}".utf8))
            change(&call)
            return try await http.send(call, deadline: .seconds(40)).status
        }
        #expect(try await status() == 200)
        #expect(try await status { $0.body = Array("{ }".utf8) } >= 400)
        #expect(try await status { $0.headers.set("X-Amz-Target", "DynamoDB_20120810.DescribeLimits") } >= 400)
        #expect(try await status(date: -3600) >= 400)
        #expect(try await status(date: 3600) >= 400)
        await loop.shutdown()
    }

    @Test("a role's temporary keys are accepted with their token, and refused without it or with another secret")
    func temporary() async throws {
        let server = try await DynamoServer.running()
        let role = try #require(server.roleARN, "a server with IAM")
        try await CredentialPlace.with { place in
            // The server's time, for it is a real one.
            let context = CredentialContext(
                environment: Environment(["AWS_ENDPOINT_URL": server.endpoint, "AWS_REGION": "us-east-1"]), loop: place.loop, clock: .system
            )
            let sts = try STSClient(context, files: nil)
            let keys = try await sts.assume(RoleRequest(arn: role, sessionName: "tester"), with: self.keys(server))
            #expect(keys.expiration.map { $0 > AWSClock.system.seconds() } == true)
            #expect(try await self.list(keys, at: server.endpoint).get().status == 200)
            var bare = keys
            bare.sessionToken = nil
            #expect(try self.error(await self.list(bare, at: server.endpoint)).isAccessDenied)
            var wrong = keys
            wrong.secretAccessKey += "x"
            #expect(try self.error(await self.list(wrong, at: server.endpoint)).isAccessDenied)
            let refused = try await awsFailure { _ = try await sts.assume(RoleRequest(arn: role, sessionName: "tester"), with: wrong) }
            #expect(refused.kind == .noCredentials)
        }
    }
}
