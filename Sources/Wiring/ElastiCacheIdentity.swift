import AWS
import EventLoop
import Redis
import SessionStore

/// The tokens of ElastiCache's IAM, each signed for its connection with the credentials of that moment.
struct ElastiCacheIdentity: RedisCredentialSource {
    /// ElastiCache User Guide, "Authenticating with IAM": connections end after twelve hours.
    let lifetime: Duration? = .seconds(12 * 3600)
    private let user: [UInt8]
    private let token: ElastiCacheToken
    private let chain: CredentialChain
    private let now: @Sendable () -> Int64

    /// An identity with these credentials; `now` in seconds since 1970. Throws what of it cannot work.
    init(_ iam: RedisIAM, region: String, chain: CredentialChain, now: @escaping @Sendable () -> Int64) throws(AWSError) {
        self.user = Array(iam.user.utf8)
        self.token = try ElastiCacheToken(user: iam.user, cacheName: iam.cacheName, isServerless: iam.isServerless, region: region)
        self.chain = chain
        self.now = now
    }

    /// A token of this moment.
    func credentials() async throws(RedisError) -> RedisCredentials {
        do throws(AWSError) {
            let credentials = try await self.chain.credentials()
            let now = self.now()
            // The chain hands out what is about to end only when nothing better is to be had. A token of it would be refused, without this reason.
            if let end = credentials.expiration, end <= now {
                self.chain.refused(credentials)
                throw AWSError(.noCredentials, "The AWS credentials for Redis have expired; renew them.")
            }
            return RedisCredentials(user: self.user, password: Array(try self.token.text(with: credentials, at: now).utf8))
        } catch {
            throw RedisError(.authentication, "There is no IAM token for Redis: \(error.message)")
        }
    }
}
