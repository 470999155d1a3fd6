import AWS
import EventLoop
import Locked
import Logging
import Redis
import TestSupport
import Testing

@testable import Wiring

/// The credentials of AWS's published examples.
private let example = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
private let exampleTime: Int64 = 1_440_938_160

/// Made by a program of its own (hashlib and hmac of Python, from the description in the ElastiCache User Guide).
private let goldenToken =
    "my-cache/?Action=connect&User=app-user&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Felasticache"
    + "%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&"
    + "X-Amz-Signature=b73b27ea0453555df31c722b5d78a08a653474c6a3195fac9babb78321d835fd"

/// The same for a serverless cache and temporary credentials.
private let goldenServerlessToken =
    "my-cache/?Action=connect&User=app-user&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20251231"
    + "%2Feu-central-1%2Felasticache%2Faws4_request&X-Amz-Date=20251231T235959Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&"
    + "X-Amz-Security-Token=token%2Fof%2Bsession%3D%3D&X-Amz-Signature=b165d21cbe7f37e4b77de9067a58946a9c8ba2e919d656cff3c6d4dbe6de2a8e"

@Suite("ElastiCache's IAM", .timeLimit(.minutes(1)))
struct ElastiCacheIdentityTests {
    private static let iam = RedisIAM(user: "app-user", cacheName: "My-Cache")

    private func identity(
        _ credentials: AWSCredentials = example, iam: RedisIAM = Self.iam, region: String = "us-east-1",
        now: @escaping @Sendable () -> Int64 = { exampleTime }
    ) throws -> ElastiCacheIdentity {
        let chain = CredentialChain([StaticCredentials(credentials)], now: now)
        return try ElastiCacheIdentity(iam, region: region, chain: chain, now: now)
    }

    @Test("the token is the signed connect request on the cache's name in small letters, without a scheme")
    func golden() async throws {
        let made = try await self.identity().credentials()
        #expect(made.user == Array("app-user".utf8))
        #expect(String(decoding: made.password, as: UTF8.self) == goldenToken)
        var temporary = example
        temporary.sessionToken = "token/of+session=="
        let serverless = RedisIAM(user: "app-user", cacheName: "my-CACHE", isServerless: true)
        let other = try await self.identity(temporary, iam: serverless, region: "eu-central-1", now: { 1_767_225_599 }).credentials()
        #expect(String(decoding: other.password, as: UTF8.self) == goldenServerlessToken)
    }

    @Test("credentials past their end make no token, and missing ones are told")
    func expired() async throws {
        var ended = example
        ended.expiration = exampleTime
        let error = await #expect(throws: RedisError.self) { try await self.identity(ended).credentials() }
        #expect(error?.code == .authentication)
        #expect(error?.message.contains("expired") == true)
        let nobody = try ElastiCacheIdentity(
            Self.iam, region: "us-east-1", chain: CredentialChain([], now: { exampleTime }), now: { exampleTime })
        #expect(await #expect(throws: RedisError.self) { try await nobody.credentials() }?.message.contains("No AWS credentials") == true)
    }

    @Test(
        "a Redis that knows the token lets its user in by TLS; another moment, user or cache is refused, with what to check",
        .enabled(if: RedisServer.isExpected && TestAuthority.isAvailable, "redis-server or openssl is not installed"))
    func flow() async throws {
        let authority = try await TestAuthority()
        let certificate = try await authority.certificate("server")
        let users = ["--user", "app-user", "on", ">\(goldenToken)", "~*", "+@all", "--user", "default", "off"]
        let server = try RedisServer(options: RedisServer.options(certificate, authority) + users, isEncrypted: true)
        let url = "\(server.url)?ca=\(authority.file)&iam=app-user@my-cache"
        #expect(await self.failure(url, try self.identity()) == nil)
        let wrong = [
            try self.identity(now: { exampleTime + 1 }), try self.identity(iam: RedisIAM(user: "other", cacheName: "my-cache")),
            try self.identity(iam: RedisIAM(user: "app-user", cacheName: "their-cache")), try self.identity(region: "eu-central-1"),
        ]
        for identity in wrong {
            let error = await self.failure(url, identity)
            #expect(error?.code == .authentication)
            #expect(error?.message.contains("token") == true)
            #expect(error?.description.contains("X-Amz") == false)
        }
        #expect(await self.failure(url, nil)?.code == .invalidConfiguration)
    }

    @Test("each token is of its own moment")
    func tokenOfTheMoment() async throws {
        let time = Locked(exampleTime)
        let identity = try self.identity(now: { time.withLock { $0 } })
        let first = try await identity.credentials()
        time.withLock { $0 += 60 }
        let second = try await identity.credentials()
        #expect(first.password != second.password)
        #expect(first.user == second.user)
    }

    private func failure(_ url: String, _ identity: ElastiCacheIdentity?) async -> RedisError? {
        do {
            var configuration = try RedisConfiguration(url: url)
            (configuration.commandTimeout, configuration.connectTimeout) = (.seconds(20), .seconds(20))
            let loop = try UVLoop()
            let client = RedisClient(loop: loop, configuration: configuration, logger: Logger(label: "test"), credentialSource: identity)
            var failure: RedisError?
            do throws(RedisError) {
                try await client.connect()
                _ = try await client.get([1])
            } catch {
                failure = error
            }
            await client.close()
            await loop.shutdown()
            return failure
        } catch {
            return RedisError(.invalidConfiguration, "\(error)")
        }
    }
}
