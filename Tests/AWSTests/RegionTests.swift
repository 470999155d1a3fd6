import EventLoop
import TestSupport
import Testing

@testable import AWS

@Suite("The region of an instance", .timeLimit(.minutes(1)))
struct RegionTests {
    /// A metadata service in `eu-north-1`, of version 2 only, that answers with `reply` where that is not nil.
    private static func metadata(_ reply: @escaping @Sendable (HTTPLoopback.Request) -> HTTPLoopback.Reply? = { _ in nil }) throws
        -> HTTPLoopback
    {
        try HTTPLoopback { request in
            if let special = reply(request) { return special }
            if request.method == "PUT" { return .answer(200, [], "session-token") }
            guard request["x-aws-ec2-metadata-token"] == "session-token" else { return .answer(401) }
            return request.target == "/latest/meta-data/placement/region" ? .answer(200, [], "eu-north-1\n") : .answer(404)
        }
    }

    private static func find(_ variables: [String: String], home: TemporaryFolder? = nil, explicit: String? = nil) async throws -> String? {
        let loop = try UVLoop()
        let nowhere = ["HOME": home?.path ?? "/nowhere", "AWS_METADATA_SERVICE_TIMEOUT": "20"]
        let environment = Environment(nowhere.merging(variables) { $1 })
        let region = await AWSRegion.find(explicit: explicit, environment: environment, loop: loop)
        await loop.shutdown()
        return region
    }

    @Test("where nothing names a region the instance is asked, in a session of version 2")
    func asked() async throws {
        let server = try Self.metadata()
        #expect(try await Self.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]) == "eu-north-1")
        #expect(server.requests.map { "\($0.method) \($0.target)" } == ["PUT /latest/api/token", "GET /latest/meta-data/placement/region"])
        #expect(server.requests[0]["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
    }

    @Test("a region that is given, in a variable or in the profile, is not asked for")
    func configured() async throws {
        let server = try Self.metadata()
        let home = try TemporaryFolder()
        let config = try home.file("config", Array("[default]\nregion = sa-east-1\n[profile bare]\noutput = json\n".utf8))
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_CONFIG_FILE": config]
        #expect(try await Self.find(variables, explicit: "eu-central-1") == "eu-central-1")
        #expect(try await Self.find(variables.merging(["AWS_REGION": "us-west-1"]) { $1 }) == "us-west-1")
        #expect(try await Self.find(variables.merging(["AWS_DEFAULT_REGION": "us-west-2"]) { $1 }) == "us-west-2")
        #expect(try await Self.find(variables) == "sa-east-1")
        #expect(server.requests.isEmpty)
        #expect(try await Self.find(variables.merging(["AWS_PROFILE": "bare", "AWS_REGION": " "]) { $1 }) == "eu-north-1")
    }

    @Test("a profile that does not exist, and a file that cannot be read, are to be corrected: nobody is asked")
    func mistakes() async throws {
        let server = try Self.metadata()
        let home = try TemporaryFolder()
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try await Self.find(variables.merging(["AWS_PROFILE": "ghost"]) { $1 }) == nil)
        #expect(try await Self.find(variables.merging(["AWS_CONFIG_FILE": home.path]) { $1 }) == nil)
        #expect(server.requests.isEmpty)
    }

    @Test("metadata that are switched off are not asked for")
    func disabled() async throws {
        let server = try Self.metadata()
        #expect(try await Self.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_EC2_METADATA_DISABLED": "TRUE"]) == nil)
        #expect(server.requests.isEmpty)
    }

    @Test("a service that refuses, knows no region or answers nonsense knows none")
    func refused() async throws {
        for reply in [HTTPLoopback.Reply.answer(403), .answer(200, [], "<html>"), .answer(200, [], ""), .bytes("", .close)] {
            let server = try Self.metadata { $0.method == "GET" ? reply : nil }
            #expect(try await Self.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]) == nil)
        }
        let closed = "http://127.0.0.1:\(try freePort())"
        #expect(try await Self.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT": closed]) == nil)
    }

    @Test("a machine where nobody answers waits for its second, not for a minute")
    func silence() async throws {
        let server = try Self.metadata { _ in .silence }
        let began = ContinuousClock.now
        let variables = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_METADATA_SERVICE_TIMEOUT": ""]
        #expect(try await Self.find(variables) == nil)
        let time = ContinuousClock.now - began
        // One request was sent, and its second waited for; the rest is a busy machine's.
        #expect(time >= .milliseconds(900) && time < .seconds(30))
        #expect(server.requests.map(\.method) == ["PUT"])
    }
}
