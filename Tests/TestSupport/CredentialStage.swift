import Foundation

/// A deployment whose credentials for a server have one origin: its variables and files, and the platform that some origins ask.
package struct CredentialStage: Sendable {
    /// The environment of a program in this deployment.
    package let variables: [String: String]
    /// What a container's agent, an instance's metadata and IAM Identity Center say.
    package let platform: HTTPLoopback
    private let folder: TemporaryFolder

    /// A deployment. Throws where the server lacks what the origin takes (a role).
    package init(_ origin: CredentialOrigin, for server: DynamoServer) throws {
        let folder = try TemporaryFolder()
        let platform = try HTTPLoopback { Self.platform($0, server) }
        var variables = try Self.variables(origin, server, folder, platform)
        variables["HOME"] = folder.path
        variables["AWS_ENDPOINT_URL"] = server.endpoint
        // An instance knows its region by itself.
        if origin != .instance { variables["AWS_REGION"] = "us-east-1" }
        (self.folder, self.platform, self.variables) = (folder, platform, variables)
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
            try config("[profile work]\nrole_arn = \(try Self.role(server))\nsource_profile = base\n[profile base]\n" + keys)
            return ["AWS_PROFILE": "work"]
        case .process:
            let file = try folder.file("document", Array(Self.document(server).utf8))
            try config("[default]\ncredential_process = cat '\(file)'\n")
            return [:]
        case .webIdentity:
            return [
                "AWS_ROLE_ARN": try Self.role(server), "AWS_WEB_IDENTITY_TOKEN_FILE": try folder.file("token", Array("a.web.token".utf8)),
            ]
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

    private static func role(_ server: DynamoServer) throws -> String {
        guard let role = server.roleARN else { throw ChildProcess.LaunchError("the server has no role to assume") }
        return role
    }

    private static func platform(_ request: HTTPLoopback.Request, _ server: DynamoServer) -> HTTPLoopback.Reply {
        switch request.target {
        case "/latest/api/token": .answer(200, [], "session")
        case "/latest/meta-data/placement/region": .answer(200, [], "us-east-1")
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
