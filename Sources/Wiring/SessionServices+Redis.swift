import AWS
import EventLoop
import Logging
import Redis
import SessionStore
import Settings

extension SessionServices {
    /// The client of the cache's server, and what ends with it.
    struct RedisParts: Sendable {
        var client: RedisClient
        /// Releases what its identity holds.
        var close: @Sendable () async -> Void
    }

    /// The client that settings ask for; nil: none, or what is added to `problems` is wrong.
    static func redis(
        _ settings: Settings, _ loop: UVLoop, _ environment: Environment, _ clock: SystemClock, _ logger: Logger, patience: Duration?,
        _ problems: inout [String]
    ) -> RedisParts? {
        guard let url = settings.redisURL else { return nil }
        do throws(RedisError) {
            var configuration = try RedisConfiguration(url: url)
            if let patience { configuration.commandTimeout = patience }
            Self.apply(settings.redis, to: &configuration, &problems)
            if let problem = SealPolicy.problem(configuration, settings.seal) { problems.append(problem) }
            try configuration.validate()
            guard let iam = configuration.iam else {
                return RedisParts(client: RedisClient(loop: loop, configuration: configuration, logger: logger), close: {})
            }
            return try Self.redis(configuration, iam, loop, environment, clock, logger)
        } catch {
            problems.append("\(SettingKey.redisURL.rawValue): \(error.message)")
            return nil
        }
    }

    /// A client that shows tokens, which are signed with the credentials of the environment.
    private static func redis(
        _ configuration: RedisConfiguration, _ iam: RedisIAM, _ loop: UVLoop, _ environment: Environment, _ clock: SystemClock,
        _ logger: Logger
    ) throws(RedisError) -> RedisParts {
        let now: @Sendable () -> Int64 = { clock.now.seconds }
        let chain = CredentialChain.standard(environment, loop: loop, clock: AWSClock(seconds: now, uptime: { clock.uptime }))
        do throws(AWSError) {
            let region =
                if let region = iam.region { region } else {
                    try AWSServiceConfiguration.resolve(service: "elasticache", environment: environment).region
                }
            let identity = try ElastiCacheIdentity(iam, region: region, chain: chain, now: now)
            let client = RedisClient(loop: loop, configuration: configuration, logger: logger, credentialSource: identity)
            return RedisParts(client: client, close: { await chain.close() })
        } catch {
            throw RedisError(.invalidConfiguration, error.message)
        }
    }

    /// The URL says it first; files are for TLS only, which the URL decides.
    private static func apply(_ setting: RedisSetting, to configuration: inout RedisConfiguration, _ problems: inout [String]) {
        if var tls = configuration.tls {
            tls.authorityFile = tls.authorityFile ?? setting.authorityFile
            if tls.certificateFile == nil, tls.keyFile == nil {
                (tls.certificateFile, tls.keyFile) = (setting.certificateFile, setting.keyFile)
            }
            configuration.tls = tls
        }
        // A password in the URL says who connects, too.
        guard let identity = setting.identity, configuration.iam == nil, configuration.credentials == nil else { return }
        do throws(RedisError) {
            configuration.iam = try RedisIAM(url: identity)
        } catch {
            problems.append("\(SettingKey.redisIdentity.rawValue): \(error.message)")
        }
    }
}
