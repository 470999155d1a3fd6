import AWS
import Dynamo
import EventLoop
import Logging
import Redis
import SessionStore
import Settings

extension SessionServices {
    /// What clients of the cache's server are made of.
    struct RedisParts: Sendable {
        let configuration: RedisConfiguration
        /// Who connects, where that is not said by the configuration; one for all.
        var identity: (any RedisCredentialSource)?
        /// Releases what the identity holds.
        var close: @Sendable () async -> Void = {}

        /// A client on this loop.
        func client(on loop: UVLoop, _ logger: Logger) -> RedisClient {
            RedisClient(loop: loop, configuration: self.configuration, logger: logger, credentialSource: self.identity)
        }
    }

    /// What the settings' clients are made of; nil: there is no cache, or what is added to `problems` is wrong.
    static func redis(
        _ settings: Settings, _ loop: UVLoop, _ environment: Environment, _ clock: SystemClock, patience: Duration?,
        _ problems: inout [String]
    ) -> RedisParts? {
        guard let url = settings.redisURL else { return nil }
        do throws(RedisError) {
            var configuration = try RedisConfiguration(url: url)
            if let patience { configuration.commandTimeout = patience }
            Self.apply(settings.redis, to: &configuration, &problems)
            if let problem = SealPolicy.problem(configuration, settings.seal) { problems.append(problem) }
            try configuration.validate()
            guard let iam = configuration.iam else { return RedisParts(configuration: configuration) }
            return try Self.redis(configuration, iam, loop, environment, clock)
        } catch {
            problems.append("\(SettingKey.redisURL.rawValue): \(error.message)")
            return nil
        }
    }

    /// Clients that show tokens, which are signed with the credentials of the environment.
    private static func redis(
        _ configuration: RedisConfiguration, _ iam: RedisIAM, _ loop: UVLoop, _ environment: Environment, _ clock: SystemClock
    ) throws(RedisError) -> RedisParts {
        let now: @Sendable () -> Int64 = { clock.now.seconds }
        let chain = CredentialChain.standard(environment, loop: loop, clock: AWSClock(clock))
        do throws(AWSError) {
            let region =
                if let region = iam.region { region } else {
                    try AWSServiceConfiguration.resolve(service: "elasticache", environment: environment).region
                }
            let identity = try ElastiCacheIdentity(iam, region: region, chain: chain, now: now)
            return RedisParts(configuration: configuration, identity: identity, close: { await chain.close() })
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
