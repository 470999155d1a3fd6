import AWS
import EventLoop
import HTTP
import JSON
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

/// A server that verifies signatures takes ours and refuses every change of them.
@Suite(
    "Signatures on a server that verifies them", .enabled(if: DynamoServer.kinds.contains(.ministack), "\(DynamoServer.reason)"),
    .timeLimit(.minutes(2)))
struct SigningRefusalTests {
    /// What is done to a request on its way.
    enum Change: String, CaseIterable, Sendable {
        case nothing, badSecret, unknownKey, foreignToken, tamperedBody, tamperedHeader, skewedBack, skewedAhead
    }

    @Test(
        "a sound request is answered; a bad secret, a foreign token, a changed body or header, a wrong time are refused",
        arguments: Change.allCases)
    func refused(change: Change) async throws {
        let server = try await DynamoServer.running(.ministack)
        let loop = try UVLoop(name: "signing")
        let answer = try await Self.send(change, to: server, loop)
        await loop.shutdown()
        if change == .nothing {
            #expect(answer.status == 200)
            return
        }
        #expect((400..<404).contains(answer.status), "\(change): \(answer.status)")
        let code = (try JSONValue(parsing: answer.body))["__type"]?.string?.split(separator: "#").last.map(String.init) ?? ""
        let refused = AWSError(.service, "The service's words about AKID", code: code, status: answer.status)
        let error = SessionStoreError(refused, table: "sessions")
        #expect([.accessDenied, .misconfigured].contains(error.code), "\(change): \(code)")
        #expect(!error.description.contains("AKID"))
    }

    private static func send(_ change: Change, to server: DynamoServer, _ loop: UVLoop) async throws -> HTTPAnswer {
        var keys = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey)
        var seconds = AWSClock.system.seconds()
        switch change {
        case .badSecret: keys.secretAccessKey = "wrong"
        case .unknownKey: keys.accessKeyID = "AKIDNOBODYKNOWS00000"
        case .foreignToken: keys.sessionToken = "a token of somebody else"
        case .skewedBack: seconds -= 20 * 60
        case .skewedAhead: seconds += 20 * 60
        case .nothing, .tamperedBody, .tamperedHeader: break
        }
        let endpoint = try AWSEndpoint(url: server.endpoint)
        let body = Array("{}".utf8)
        let headers = HTTPHeaders([
            ("Host", endpoint.host), ("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "DynamoDB_20120810.ListTables"),
        ])
        var request = SigningRequest(method: "POST", path: "/", headers: headers, payload: .bytes(body))
        try Signer(service: "dynamodb", region: "us-east-1").sign(&request, with: keys, at: SigningDate(seconds: seconds))
        if change == .tamperedHeader { request.headers.set("X-Amz-Target", "DynamoDB_20120810.DescribeLimits") }
        let sent = change == .tamperedBody ? Array(#"{"Limit":1}"#.utf8) : body
        let http = HTTPClient(loop: loop)
        let answer = try await http.send(
            HTTPCall(method: "POST", url: endpoint.url, headers: request.headers, body: sent), deadline: .seconds(40))
        await http.close()
        return answer
    }
}
