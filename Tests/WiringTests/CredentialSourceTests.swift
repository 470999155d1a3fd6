import AWS
import Dynamo
import EventLoop
import Foundation
import Logging
import SessionStore
import Settings
import TestSupport
import Testing

@testable import Wiring

/// What a deployment can take its credentials from.
enum CredentialOrigin: String, CaseIterable, Sendable {
    case environment, profile, role, process, webIdentity, container, instance, identityCenter
}

@Suite("Stores with credentials of each source", .timeLimit(.minutes(1)))
struct CredentialSourceTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        "a store works the same with credentials of each source, on a server that verifies them",
        .enabled(if: DynamoServer.isAvailable, "no DynamoDB to test against"), arguments: CredentialOrigin.allCases)
    func works(origin: CredentialOrigin) async throws {
        let server = try await DynamoServer.running()
        let folder = try TemporaryFolder()
        let platform = try HTTPLoopback { Self.platform($0, server) }
        let loop = try UVLoop()
        var variables = try Self.variables(origin, server, folder, platform)
        variables["HOME"] = folder.path
        variables["AWS_REGION"] = "us-east-1"
        variables["AWS_ENDPOINT_URL"] = server.endpoint
        let settings = Settings(store: .dynamodb, table: DynamoServer.tableName("origin"))
        do {
            let services = try SessionServices(settings, loop: loop, environment: Environment(variables), logger: Self.quiet)
            try await services.dynamo?.createTable()
            let id = try SessionID("s-1")
            try await services.store.update(.session(id), set: ["a": "b"])
            #expect(try await services.store.session(.session(id))?.data == ["a": "b"])
            await services.close()
        } catch {
            await loop.shutdown()
            throw error
        }
        await loop.shutdown()
        #expect(platform.requests.isEmpty == ![.container, .instance, .identityCenter].contains(origin))
    }

    private static func variables(
        _ origin: CredentialOrigin, _ server: DynamoServer, _ folder: TemporaryFolder, _ platform: HTTPLoopback
    ) throws -> [String: String] {
        let keys = "aws_access_key_id = \(server.accessKeyID)\naws_secret_access_key = \(server.secretAccessKey)\n"
        func config(_ text: String) throws {
            try FileManager.default.createDirectory(atPath: folder.file(".aws/sso/cache"), withIntermediateDirectories: true)
            _ = try folder.file(".aws/config", Array(text.utf8))
        }
        switch origin {
        case .environment: return ["AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey]
        case .profile:
            try config("[profile work]\n" + keys)
            return ["AWS_PROFILE": "work"]
        case .role:
            let role = try #require(server.roleARN, "a server with IAM")
            try config("[profile work]\nrole_arn = \(role)\nsource_profile = base\n[profile base]\n" + keys)
            return ["AWS_PROFILE": "work"]
        case .process:
            let file = try folder.file("document", Array(Self.document(server).utf8))
            try config("[default]\ncredential_process = cat '\(file)'\n")
            return [:]
        case .webIdentity:
            let role = try #require(server.roleARN, "a server with IAM")
            return ["AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": try folder.file("token", Array("a.web.token".utf8))]
        case .container: return ["AWS_CONTAINER_CREDENTIALS_FULL_URI": platform.url + "/container"]
        case .instance: return ["AWS_EC2_METADATA_SERVICE_ENDPOINT": platform.url, "AWS_METADATA_SERVICE_TIMEOUT": "20"]
        case .identityCenter:
            try config(
                "[default]\nsso_session = corp\nsso_account_id = 000000000000\nsso_role_name = r\n"
                    + "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp\n")
            _ = try folder.file(
                ".aws/sso/cache/\(Self.cacheName).json", Array(#"{"accessToken":"bearer","expiresAt":"2999-01-01T00:00:00Z"}"#.utf8))
            return ["AWS_ENDPOINT_URL_SSO": platform.url]
        }
    }

    /// What a container's agent, an instance's metadata and IAM Identity Center say.
    private static func platform(_ request: HTTPLoopback.Request, _ server: DynamoServer) -> HTTPLoopback.Reply {
        switch request.target {
        case "/latest/api/token": .answer(200, [], "session")
        case "/latest/meta-data/iam/security-credentials/": .answer(200, [], "r")
        case "/container", "/latest/meta-data/iam/security-credentials/r": .answer(200, [], Self.document(server))
        case _ where request.target.hasPrefix("/federation/credentials"):
            .answer(
                200, [],
                #"{"roleCredentials":{"accessKeyId":"\#(server.accessKeyID)","secretAccessKey":"\#(server.secretAccessKey)","#
                    + #""expiration":32472144000000}}"#)
        default: .answer(404)
        }
    }

    private static func document(_ server: DynamoServer) -> String {
        #"{"Version":1,"AccessKeyId":"\#(server.accessKeyID)","SecretAccessKey":"\#(server.secretAccessKey)","#
            + #""Expiration":"2999-01-01T00:00:00Z"}"#
    }

    /// `printf corp | sha1sum`
    private static let cacheName = "ee0bfd2552fbd840c02cc48b6e823320543c450f"
}
