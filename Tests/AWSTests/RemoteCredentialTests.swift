import EventLoop
import Foundation
import TestSupport
import Testing

@testable import AWS

@Suite("Credentials of platforms", .timeLimit(.minutes(1)))
struct RemoteCredentialTests {
    private static let document =
        #"{"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"S","Token":"T","Expiration":"2026-11-22T22:00:00Z","AccountId":"123456789012"}"#
    private static let expected = AWSCredentials(
        accessKeyID: "ASIA", secretAccessKey: "S", sessionToken: "T", expiration: CredentialPlace.now + 3600, accountID: "123456789012")

    // MARK: Web identity

    @Test("a web identity's token is exchanged for a role's credentials, unsigned, and read anew each time")
    func webIdentity() async throws {
        let server = try HTTPLoopback { request in STSAnswers.assumed("ASIA\(request.number)", action: "AssumeRoleWithWebIdentity") }
        try await CredentialPlace.with { place in
            let file = try place.file("token", "first\n")
            let chain = place.chain([
                "AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:r", "AWS_ROLE_SESSION_NAME": "pod",
                "AWS_ENDPOINT_URL_STS": server.url,
            ])
            let first = try await chain.credentials()
            #expect(first.accessKeyID == "ASIA1")
            try place.file("token", "second")
            chain.refused(first)
            #expect(try await chain.credentials().accessKeyID == "ASIA2")
        }
        let forms = server.requests.map(STSAnswers.form)
        #expect(forms.map { $0["WebIdentityToken"] } == ["first", "second"])
        #expect(forms[0]["Action"] == "AssumeRoleWithWebIdentity" && forms[0]["RoleArn"] == "arn:r" && forms[0]["RoleSessionName"] == "pod")
        #expect(server.requests.allSatisfy { $0["authorization"] == nil })
    }

    @Test("half of a web identity, and a token that is not there, say what to correct")
    func wrongWebIdentity() async throws {
        try await CredentialPlace.with { place in
            let half = try await awsFailure { _ = try await place.chain(["AWS_WEB_IDENTITY_TOKEN_FILE": "/f"]).credentials() }
            #expect(half.message.contains("AWS_ROLE_ARN"))
            let missing = ["AWS_WEB_IDENTITY_TOKEN_FILE": place.folder.file("none"), "AWS_ROLE_ARN": "arn:r"]
            let error = try await awsFailure { _ = try await place.chain(missing).credentials() }
            #expect(error.message.contains("token is not there"))
        }
    }

    @Test("STS that fails for a moment is asked again")
    func retriedSTS() async throws {
        let server = try HTTPLoopback { request in
            request.number == 1
                ? .answer(500) : request.number == 2 ? STSAnswers.refused("IDPCommunicationError") : STSAnswers.assumed("ASIA")
        }
        try await CredentialPlace.with { place in
            let file = try place.file("token", "t")
            let chain = place.chain(["AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:r", "AWS_ENDPOINT_URL_STS": server.url])
            #expect(try await chain.credentials().accessKeyID == "ASIA")
        }
        #expect(server.requests.count == 3)
    }

    // MARK: Container

    @Test("a container's agent is asked at its address with the token, of which the file's wins")
    func container() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [], Self.document) }
        try await CredentialPlace.with { place in
            let file = try place.file("token", "of-file\n")
            let variables = [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "of-variable",
            ]
            #expect(try await place.chain(variables).credentials() == Self.expected)
            #expect(
                try await place.chain(variables.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file]) { $1 }).credentials()
                    == Self.expected)
            let relative = ContainerCredentials(
                place.context(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x"]), agent: server.url)
            #expect(try await relative.load() == .found(Self.expected))
        }
        #expect(server.requests.map(\.target) == ["/v1/credentials", "/v1/credentials", "/v2/credentials/x"])
        #expect(server.requests.map { $0["authorization"] } == ["of-variable", "of-file", nil])
    }

    @Test(
        "an agent that refuses or answers nonsense is an error, one that stumbles is asked again",
        arguments: [(HTTPLoopback.Reply.answer(403), 1), (.answer(200, [], "{}"), 1), (.answer(500), 3), (.bytes("", .close), 3)])
    func wrongContainer(reply: HTTPLoopback.Reply, requests: Int) async throws {
        let server = try HTTPLoopback { _ in reply }
        try await CredentialPlace.with { place in
            let error = try await awsFailure {
                _ = try await place.chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url]).credentials()
            }
            #expect(error.kind == .noCredentials)
            #expect(error.message.contains("container"))
        }
        // A lost answer may be asked for once more within an attempt.
        #expect(server.requests.count >= requests && server.requests.count <= requests * 2)
    }

    @Test("a token with line ends is refused, for it could add header fields")
    func token() async throws {
        try await CredentialPlace.with { place in
            let file = try place.file("token", "a\nX: y")
            let error = try await awsFailure {
                _ = try await place.chain([
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file,
                ]).credentials()
            }
            #expect(error.kind == .configuration)
            #expect(!error.message.contains("X: y"))
        }
    }

    @Test("credentials are asked of near hosts only, unless TLS protects them")
    func hosts() throws {
        func url(_ full: String) throws -> String? { try ContainerEndpoint.url(relative: nil, full: full) }
        for near in [
            "http://127.0.0.1:80/x", "http://127.9.8.7", "http://localhost/", "http://[::1]:1/", "http://169.254.170.2/v2",
            "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials", "https://example.com/x", "HTTP://LOCALHOST/",
        ] {
            #expect(try url(near) == near)
        }
        for far in [
            "http://example.com", "http://10.0.0.1", "http://127.0.0.1.example.com/", "http://127.0.0.256", "http://169.254.169.254",
            "http://localhost@example.com/", "http://example.com\\@127.0.0.1/", "http://[::2]/", "ftp://localhost", "localhost", "http://",
            "http://127.0.0.1/ x", "http://127.1",
        ] {
            #expect(throws: AWSError.self) { try url(far) }
        }
        #expect(try ContainerEndpoint.url(relative: "/a", full: "http://far") == "http://169.254.170.2/a")
        #expect(throws: AWSError.self) { try ContainerEndpoint.url(relative: "@example.com/", full: nil) }
        #expect(try ContainerEndpoint.url(relative: nil, full: nil) == nil)
    }

    // MARK: Instance metadata

    private static func metadata(_ reply: @escaping @Sendable (HTTPLoopback.Request) -> HTTPLoopback.Reply?) throws -> HTTPLoopback {
        try HTTPLoopback { request in
            if let special = reply(request) { return special }
            if request.method == "PUT" { return request.target == "/latest/api/token" ? .answer(200, [], "session-token") : .answer(404) }
            guard request["x-aws-ec2-metadata-token"] == "session-token" else { return .answer(401) }
            switch request.target {
            case "/latest/meta-data/iam/security-credentials/": return .answer(200, [], "my-role\n")
            case "/latest/meta-data/iam/security-credentials/my-role": return .answer(200, [], Self.document)
            case "/latest/meta-data/placement/region": return .answer(200, [], "eu-north-1")
            default: return .answer(404)
            }
        }
    }

    private static func variables(_ server: HTTPLoopback) -> [String: String] {
        ["AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url, "AWS_METADATA_SERVICE_TIMEOUT": "20"]
    }

    @Test("an instance's role is asked for in a session of version 2")
    func instance() async throws {
        let server = try Self.metadata { _ in nil }
        try await CredentialPlace.with { place in
            let credentials = try await place.chain(Self.variables(server)).credentials()
            #expect(credentials == Self.expected)
        }
        #expect(server.requests.map(\.method) == ["PUT", "GET", "GET"])
        #expect(server.requests[0]["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
    }

    @Test("an instance without a role, or where metadata is refused or broken, says so")
    func wrongInstance() async throws {
        let noRole = try Self.metadata { $0.method == "GET" ? .answer(404) : nil }
        let refused = try Self.metadata { _ in .answer(403) }
        let broken = try Self.metadata {
            $0.target.hasSuffix("my-role") ? .answer(200, [], #"{"Code":"AssumeRoleUnauthorizedAccess"}"#) : nil
        }
        try await CredentialPlace.with { place in
            #expect(try await InstanceCredentials(place.context(Self.variables(noRole))).load() == .absent("the instance has no role"))
            let error = try await awsFailure { _ = try await place.chain(Self.variables(refused)).credentials() }
            #expect(error.message.contains("AWS_ACCESS_KEY_ID"))
            let report = await place.chain(Self.variables(refused)).report()
            guard case .absent(let reason)? = report.entries.last?.outcome else {
                Issue.record("a refusal counts as credentials")
                return
            }
            #expect(reason.contains("HTTP 403"))
            let wrong = try await awsFailure { _ = try await place.chain(Self.variables(broken)).credentials() }
            #expect(wrong.message.contains("AssumeRoleUnauthorizedAccess"))
        }
    }

    @Test("a machine without metadata has none of its credentials, and is not asked when they are switched off")
    func noInstance() async throws {
        let closed = ["AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(try freePort())"]
        try await CredentialPlace.with { place in
            guard case .absent(let reason) = try await InstanceCredentials(place.context(closed)).load() else {
                Issue.record("nobody listens there")
                return
            }
            #expect(reason.contains("hop limit"))
            #expect(try await InstanceCredentials(place.context()).load() == .absent("AWS_EC2_METADATA_DISABLED is set"))
        }
    }

    @Test("the address of the metadata is the given one, or that of the mode")
    func metadataAddress() throws {
        #expect(try InstanceMetadata.address(endpoint: nil, mode: nil) == "http://169.254.169.254")
        #expect(try InstanceMetadata.address(endpoint: nil, mode: "IPv6") == "http://[fd00:ec2::254]")
        #expect(try InstanceMetadata.address(endpoint: "http://h:1/", mode: "IPv6") == "http://h:1")
        #expect(throws: AWSError.self) { try InstanceMetadata.address(endpoint: nil, mode: "IPv5") }
        #expect(throws: AWSError.self) { try InstanceMetadata.address(endpoint: "h", mode: nil) }
    }

    // MARK: IAM Identity Center

    @Test("a cached token is exchanged at the portal, for a session and for a start URL", arguments: [true, false])
    func sso(isSession: Bool) async throws {
        let server = try HTTPLoopback { request in
            request["x-amz-sso_bearer_token"] == "bearer"
                ? .answer(
                    200, [],
                    #"{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"S","sessionToken":"T","expiration":1795384800000}}"#)
                : .answer(401)
        }
        try await CredentialPlace.with { place in
            let settings = "sso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n"
            try place.file(
                ".aws/config",
                "[default]\nsso_account_id = 123456789012\nsso_role_name = My Role\n"
                    + (isSession ? "sso_session = corp\n[sso-session corp]\n" + settings : settings))
            let key = Hex.string(try SHA1.digest(Array((isSession ? "corp" : "https://example.awsapps.com/start").utf8)))
            let variables = ["AWS_ENDPOINT_URL_SSO": server.url]
            let missing = try await awsFailure { _ = try await place.chain(variables).credentials() }
            #expect(missing.message.contains("aws sso login"))
            try place.file(".aws/sso/cache/\(key).json", #"{"accessToken":"bearer","expiresAt":"2026-11-22T20:00:00Z"}"#)
            let expired = try await awsFailure { _ = try await place.chain(variables).credentials() }
            #expect(expired.message.contains("aws sso login"))
            try place.file(".aws/sso/cache/\(key).json", #"{"accessToken":"bearer","expiresAt":"2026-11-22T22:00:00Z"}"#)
            #expect(try await place.chain(variables).credentials() == Self.expected)
            try place.file(".aws/sso/cache/\(key).json", #"{"accessToken":"other","expiresAt":"2026-11-22T22:00:00Z"}"#)
            let refused = try await awsFailure { _ = try await place.chain(variables).credentials() }
            #expect(refused.message.contains("aws sso login"))
        }
        #expect(server.requests.first?.target == "/federation/credentials?account_id=123456789012&role_name=My%20Role")
    }

    @Test("files of cached tokens are named by SHA-1")
    func sha1() throws {
        #expect(Hex.string(try SHA1.digest(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test("instants are read with fractions and offsets, and written in UTC")
    func instants() {
        #expect(InstantText.seconds("2026-11-22T21:00:00Z") == CredentialPlace.now)
        #expect(InstantText.seconds("2026-11-22T21:00:00.999Z") == CredentialPlace.now)
        #expect(InstantText.seconds("2026-11-22T22:30:00+01:30") == CredentialPlace.now)
        #expect(InstantText.seconds("2026-11-22T16:00:00-05:00") == CredentialPlace.now)
        for wrong in ["", "2026-11-22", "2026-11-22T21:00:00", "2026-13-22T21:00:00Z", "22 Nov 2026 21:00:00Z", "2026-11-22T21:00:00+1"] {
            #expect(InstantText.seconds(wrong) == nil)
        }
        #expect(InstantText.text(seconds: CredentialPlace.now) == "2026-11-22T21:00:00Z")
    }
}
