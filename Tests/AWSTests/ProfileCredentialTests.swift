import TestSupport
import Testing

@testable import AWS

@Suite("Credentials of a profile", .timeLimit(.minutes(1)))
struct ProfileCredentialTests {
    private static func plan(_ config: String, credentials: String = "", profile: String = "p") throws -> ProfilePlan? {
        let files = try ProfileFiles(environment: Environment(["HOME": "/h", "AWS_PROFILE": profile])) { (path) throws(AWSError) in
            path.hasSuffix("config") ? config : credentials
        }
        return try ProfilePlan(profile: profile, in: files)
    }

    private static let keys = "[base]\naws_access_key_id=A\naws_secret_access_key=S\n"
    private static let a = AWSCredentials(accessKeyID: "A", secretAccessKey: "S")

    @Test("a chain of source profiles ends at keys, and its roles are assumed from there")
    func chain() throws {
        let plan = try Self.plan(
            "[profile p]\nrole_arn=arn:1\nsource_profile=q\nexternal_id=x\nduration_seconds=900\nrole_session_name=me\n"
                + "[profile q]\nrole_arn=arn:2\nsource_profile=base\n", credentials: Self.keys)
        #expect(plan?.start == .keys(Self.a))
        #expect(
            plan?.roles == [
                RoleRequest(arn: "arn:2"), RoleRequest(arn: "arn:1", sessionName: "me", externalID: "x", duration: 900),
            ])
    }

    @Test("a source profile's keys win over its role, and a profile may be its own source if it has keys")
    func keysOfSources() throws {
        let both = "[profile q]\nrole_arn=arn:2\nsource_profile=base\naws_access_key_id=A\naws_secret_access_key=S\n"
        let plan = try Self.plan("[profile p]\nrole_arn=arn:1\nsource_profile=q\n" + both, credentials: Self.keys)
        #expect(plan?.roles == [RoleRequest(arn: "arn:1")])
        let own = try Self.plan("[profile p]\nrole_arn=arn:1\nsource_profile=p\naws_access_key_id=A\naws_secret_access_key=S\n")
        #expect(own?.start == .keys(Self.a))
        #expect(own?.roles == [RoleRequest(arn: "arn:1")])
    }

    @Test("each way to begin is found")
    func starts() throws {
        #expect(try Self.plan("[profile p]\ncredential_process = /bin/x --y\n")?.start == .process("/bin/x --y"))
        #expect(try Self.plan("[profile p]\nrole_arn=a\ncredential_source=EcsContainer\n")?.start == .source(.container))
        #expect(try Self.plan("[profile p]\nrole_arn=a\ncredential_source=ec2instancemetadata\n")?.start == .source(.instance))
        let web = try Self.plan("[profile p]\nrole_arn=a\nweb_identity_token_file=/f\n")
        #expect(web?.start == .webIdentity(RoleRequest(arn: "a"), tokenFile: "/f"))
        #expect(web?.roles.isEmpty == true)
        let session = try Self.plan(
            "[profile p]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\nsso_region=eu-west-1\nsso_start_url=https://u\n"
        )
        let legacy = try Self.plan(
            "[profile p]\nsso_account_id=1\nsso_role_name=r\nsso_region=eu-west-1\nsso_start_url=https://u\n")
        for (plan, key) in [(session, "s"), (legacy, "https://u")] {
            guard case .sso(let profile)? = plan?.start else {
                Issue.record("no SSO")
                continue
            }
            #expect(profile.cacheKey == key)
            #expect(profile.region == "eu-west-1" && profile.accountID == "1" && profile.roleName == "r")
        }
        #expect(try Self.plan("[profile p]\nregion=x\n") == nil)
    }

    @Test(
        "a profile that leads nowhere says so, and how to correct it",
        arguments: [
            ("[profile p]\nrole_arn=1\nsource_profile=q\n[profile q]\nrole_arn=2\nsource_profile=p\n", "circle"),
            ("[profile p]\nrole_arn=1\nsource_profile=p\n", "its own"), ("[profile p]\nrole_arn=1\nsource_profile=none\n", "not exist"),
            ("[profile p]\nrole_arn=1\nsource_profile=q\n[profile q]\nregion=x\n", "no credentials"),
            ("[profile p]\nrole_arn=1\n", "source_profile"),
            ("[profile p]\nrole_arn=1\nsource_profile=q\ncredential_source=Environment\n[profile q]\n", "both"),
            ("[profile p]\nrole_arn=1\ncredential_source=Moon\n", "credential_source"),
            ("[profile p]\nrole_arn=1\ncredential_source=Environment\nmfa_serial=m\n", "one-time code"),
            ("[profile p]\nrole_arn=1\ncredential_source=Environment\nduration_seconds=10\n", "duration_seconds"),
            ("[profile p]\nsso_session=s\n", "sso_account_id"),
            ("[profile p]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n", "sso-session"),
            ("[profile p]\nsso_account_id=1\nsso_role_name=r\n", "sso_region"), ("[profile p]\naws_access_key_id=A\n", "only one"),
        ])
    func mistakes(config: String, says: String) {
        let error = #expect(throws: AWSError.self) { try Self.plan(config) }
        #expect(error?.message.contains(says) == true)
    }

    @Test("a profile that AWS_PROFILE names and that does not exist is what is reported, with or without a region")
    func missingProfile() async throws {
        let environment = Environment(["HOME": "/nowhere", "AWS_PROFILE": "ghost"])
        let error = #expect(throws: AWSError.self) { try AWSServiceConfiguration.resolve(service: "dynamodb", environment: environment) }
        #expect(error?.message.contains("AWS_PROFILE") == true)
        try await CredentialPlace.with { place in
            let error = try await awsFailure { _ = try await place.chain(["AWS_PROFILE": "ghost"]).credentials() }
            #expect(error.kind == .configuration)
            #expect(error.message.contains("AWS_PROFILE"))
        }
    }

    @Test("roles are assumed one with the keys of the other, signed for STS, with their settings")
    func roles() async throws {
        let server = try HTTPLoopback { request in STSAnswers.assumed("ASIA\(request.number)") }
        try await CredentialPlace.with { place in
            try place.file(".aws/credentials", Self.keys)
            try place.file(
                ".aws/config",
                "[profile p]\nrole_arn=arn:aws:iam::1:role/b\nsource_profile=q\nexternal_id=a b&c\nduration_seconds=1800\n"
                    + "[profile q]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=base\n")
            let chain = place.chain(["AWS_PROFILE": "p", "AWS_ENDPOINT_URL_STS": server.url])
            let credentials = try await chain.credentials()
            #expect(
                credentials
                    == AWSCredentials(
                        accessKeyID: "ASIA2", secretAccessKey: "secret-of-ASIA2", sessionToken: "token&of-ASIA2",
                        expiration: CredentialPlace.now + 3600, accountID: "123456789012"))
            // Kept: the next call asks nobody.
            _ = try await chain.credentials()
        }
        #expect(server.requests.count == 2)
        let forms = server.requests.map(STSAnswers.form)
        #expect(forms.map { $0["RoleArn"] } == ["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"])
        #expect(forms.allSatisfy { $0["Action"] == "AssumeRole" && $0["Version"] == "2011-06-15" })
        #expect(forms[0]["RoleSessionName"] == "bedrock-sessions-\(CredentialPlace.now)")
        #expect(forms[1]["ExternalId"] == "a b&c" && forms[1]["DurationSeconds"] == "1800")
        let authorizations = server.requests.map { $0["authorization"] ?? "" }
        #expect(authorizations[0].contains("Credential=A/20261122/eu-central-1/sts/aws4_request"))
        #expect(authorizations[1].contains("Credential=ASIA1/"))
        #expect(server.requests[1]["x-amz-security-token"] == "token&of-ASIA1")
    }

    @Test("a role that STS refuses names its code and what to check, not who asked")
    func refusedRole() async throws {
        let server = try HTTPLoopback { _ in STSAnswers.refused("AccessDenied") }
        try await CredentialPlace.with { place in
            try place.file(".aws/config", "[default]\nrole_arn=arn:r\ncredential_source=Environment\n")
            // Keys in the environment would win: they are only the role's source where the profile is asked alone.
            let context = place.context([
                "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_ENDPOINT_URL_STS": server.url,
            ])
            let error = try await awsFailure { _ = try await ProfileCredentials(context).load() }
            #expect(error.kind == .noCredentials)
            #expect(error.message.contains("AccessDenied") && error.message.contains("trust policy"))
            #expect(!error.message.contains("bob"))
            #expect(server.requests.count == 1)
        }
    }

    @Test("a role's source that is not there is an error of the profile")
    func missingSource() async throws {
        try await CredentialPlace.with { place in
            try place.file(".aws/config", "[default]\nrole_arn=arn:r\ncredential_source=EcsContainer\n")
            let error = try await awsFailure { _ = try await place.chain().credentials() }
            #expect(error.message.contains("container"))
        }
    }

    @Test("STS is asked in the configured region, or at the global endpoint")
    func stsEndpoint() throws {
        let files = try ProfileFiles(environment: Environment([:]))
        func url(_ variables: [String: String]) throws -> String {
            try AWSEndpoint.resolve(service: "sts", region: "eu-west-1", explicit: nil, environment: Environment(variables), files: files)
                .url
        }
        #expect(try url([:]) == "https://sts.eu-west-1.amazonaws.com/")
        #expect(try url(["AWS_USE_FIPS_ENDPOINT": "true"]) == "https://sts-fips.eu-west-1.amazonaws.com/")
        #expect(try url(["AWS_ENDPOINT_URL_STS": "http://sts:1"]) == "http://sts:1/")
    }
}
