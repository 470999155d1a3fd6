import Foundation
import JSON
import Locked
import TestSupport
import Testing

@testable import AWS

/// Tokens of IAM Identity Center that are renewed (CreateToken), and those that are not.
@Suite("Tokens of IAM Identity Center", .timeLimit(.minutes(1)))
struct SSOTokenTests {
    private static let config = """
        [default]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = r
        [profile legacy]
        sso_start_url = https://corp
        sso_region = eu-west-1
        sso_account_id = 123456789012
        sso_role_name = r
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp
        """

    /// The portal, which gives keys named by the token, and CreateToken below `/oidc`, which answers with `renewal`.
    private static func platform(_ renewal: @escaping @Sendable (HTTPLoopback.Request) -> HTTPLoopback.Reply) throws -> HTTPLoopback {
        try HTTPLoopback { request in
            if request.target == "/oidc/token" { return renewal(request) }
            guard let token = request["x-amz-sso_bearer_token"], token != "revoked" else { return .answer(401) }
            let keys = #""accessKeyId":"\#(token)","secretAccessKey":"S","sessionToken":"T","expiration":1795384800000"#
            return .answer(200, [], #"{"roleCredentials":{\#(keys)}}"#)
        }
    }

    private static func variables(_ server: HTTPLoopback) -> [String: String] {
        ["AWS_ENDPOINT_URL_SSO": server.url, "AWS_ENDPOINT_URL_SSO_OIDC": server.url + "/oidc"]
    }

    private static func path(_ place: CredentialPlace, _ key: String = "corp") throws -> String {
        place.folder.file(".aws/sso/cache/\(Hex.string(try SHA1.digest(Array(key.utf8)))).json")
    }

    /// What `aws sso login` leaves behind: a token until `end`, that can be renewed until `registered`.
    @discardableResult
    private static func login(
        _ place: CredentialPlace, until end: String, registered: String? = "2027-01-01T00:00:00Z", key: String = "corp"
    ) throws -> String {
        try place.file(".aws/config", Self.config)
        var document: JSONValue = [
            "startUrl": "https://corp", "region": "eu-west-1", "accessToken": "old", "expiresAt": .string(end), "clientId": "client",
            "clientSecret": "client-secret", "refreshToken": "refresh-1", "ofAnotherProgram": ["kept": true],
        ]
        if let registered { document["registrationExpiresAt"] = .string(registered) }
        let path = try Self.path(place, key)
        return try place.file(String(path.dropFirst(place.folder.path.count + 1)), String(decoding: document.encoded, as: UTF8.self))
    }

    private static func cached(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }

    private static let renewed = HTTPLoopback.Reply.answer(
        200, [], #"{"accessToken":"new","tokenType":"Bearer","expiresIn":3600,"refreshToken":"refresh-2"}"#)

    @Test(
        "a token that has ended, or is about to, is renewed with the client's registration, and left for other programs in a file of its owner's",
        arguments: ["2026-11-22T20:00:00Z", "2026-11-22T21:04:59Z"])
    func renewal(end: String) async throws {
        let server = try Self.platform { _ in Self.renewed }
        try await CredentialPlace.with { place in
            let path = try Self.login(place, until: end)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "new")
            let file = try Self.cached(path)
            #expect(file["accessToken"] == "new" && file["refreshToken"] == "refresh-2")
            #expect(file["expiresAt"] == "2026-11-22T22:00:00Z")
            #expect(file["clientId"] == "client" && file["clientSecret"] == "client-secret")
            #expect(file["startUrl"] == "https://corp" && file["registrationExpiresAt"] == "2027-01-01T00:00:00Z")
            #expect(file["ofAnotherProgram"]?["kept"] == true)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1, "nothing half written stays")
            // The next process finds a token that lives.
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "new")
        }
        let asked = server.requests.filter { $0.target == "/oidc/token" }
        #expect(asked.count == 1)
        let request = try #require(asked.first)
        #expect(request.method == "POST" && request["content-type"] == "application/json" && request["authorization"] == nil)
        let body: JSONValue = [
            "grantType": "refresh_token", "clientId": "client", "clientSecret": "client-secret", "refreshToken": "refresh-1",
        ]
        #expect(try JSONValue(parsing: request.body) == body)
    }

    @Test("a renewal without another refresh token keeps the one there is")
    func sameRefreshToken() async throws {
        let server = try Self.platform { _ in .answer(200, [], #"{"accessToken":"new","expiresIn":60}"#) }
        try await CredentialPlace.with { place in
            let path = try Self.login(place, until: "2026-11-22T20:00:00Z")
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "new")
            #expect(try Self.cached(path)["refreshToken"] == "refresh-1")
            #expect(try Self.cached(path)["expiresAt"] == "2026-11-22T21:01:00Z")
        }
    }

    @Test("a token that lives for more than five minutes is used as it is")
    func early() async throws {
        let server = try Self.platform { _ in Self.renewed }
        try await CredentialPlace.with { place in
            try Self.login(place, until: "2026-11-22T21:05:01Z")
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "old")
        }
        #expect(!server.requests.contains { $0.target == "/oidc/token" })
    }

    @Test(
        "where the renewal fails a token that still lives is used, and one that has ended has to be logged in anew",
        arguments: [
            HTTPLoopback.Reply.answer(400, [], #"{"error":"invalid_grant"}"#), .answer(500), .answer(200, [], "{}"),
            .answer(200, [], #"{"accessToken":"a b","expiresIn":60}"#), .answer(200, [], #"{"accessToken":"a","expiresIn":-1}"#),
            .bytes("", .close),
        ])
    func failure(reply: HTTPLoopback.Reply) async throws {
        let server = try Self.platform { _ in reply }
        try await CredentialPlace.with { place in
            try Self.login(place, until: "2026-11-22T21:02:00Z")
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "old")
            let path = try Self.login(place, until: "2026-11-22T20:59:00Z")
            let error = try await awsFailure { _ = try await place.chain(Self.variables(server)).credentials() }
            #expect(error.kind == .noCredentials && error.message.contains("aws sso login"))
            #expect(try Self.cached(path)["accessToken"] == "old")
        }
    }

    @Test("another process that has renewed the token meanwhile is believed: a refresh token is good for one renewal")
    func race() async throws {
        let other = Locked<(@Sendable () -> Void)?>(nil)
        let server = try Self.platform { _ in
            other.withLock { $0 }?()
            return .answer(400, [], #"{"error":"invalid_grant"}"#)
        }
        try await CredentialPlace.with { place in
            let path = try Self.login(place, until: "2026-11-22T20:00:00Z")
            other.withLock {
                $0 = {
                    let text = #"{"accessToken":"others","expiresAt":"2026-11-22T22:00:00Z"}"#
                    _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
                }
            }
            #expect(try await place.chain(Self.variables(server)).credentials().accessKeyID == "others")
        }
    }

    @Test("a registration that has ended or is not there, and a legacy login, are not renewed: somebody has to log in")
    func notRenewable() async throws {
        let server = try Self.platform { _ in Self.renewed }
        try await CredentialPlace.with { place in
            for registered in ["2026-11-22T20:00:00Z", nil] {
                try Self.login(place, until: "2026-11-22T20:00:00Z", registered: registered)
                let error = try await awsFailure { _ = try await place.chain(Self.variables(server)).credentials() }
                #expect(error.message.contains("aws sso login"))
            }
            let legacy = Self.variables(server).merging(["AWS_PROFILE": "legacy"]) { $1 }
            try Self.login(place, until: "2026-11-22T20:00:00Z", key: "https://corp")
            let error = try await awsFailure { _ = try await place.chain(legacy).credentials() }
            #expect(error.message.contains("aws sso login"))
            try Self.login(place, until: "2026-11-22T22:00:00UTC", key: "https://corp")
            #expect(try await place.chain(legacy).credentials().accessKeyID == "old")
        }
        #expect(!server.requests.contains { $0.target == "/oidc/token" })
    }

    @Test("a file that cannot be replaced costs nothing but the next process's login")
    func readOnly() async throws {
        let folder = try TemporaryFolder()
        #expect(throws: AWSError.self) { try TextFile.replace(folder.file("none/file"), with: [1]) }
        // In the place of a folder nothing is put, and nothing half written stays.
        try FileManager.default.createDirectory(atPath: folder.file("taken/x"), withIntermediateDirectories: true)
        #expect(throws: AWSError.self) { try TextFile.replace(folder.file("taken"), with: [1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    }

    @Test("AWS's own address of CreateToken is the region's and the partition's")
    func address() async throws {
        try await CredentialPlace.with { place in
            try place.file(".aws/config", Self.config)
            let files = try ProfileFiles(environment: Environment(["HOME": place.folder.path]))
            for (region, url) in [
                ("eu-west-1", "https://oidc.eu-west-1.amazonaws.com/"), ("cn-north-1", "https://oidc.cn-north-1.amazonaws.com.cn/"),
            ] {
                #expect(try SSOCredentials.endpoint("sso_oidc", host: "oidc", region, Environment([:]), files).url == url)
            }
        }
    }
}
