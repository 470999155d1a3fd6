import HTTP

/// The token by which ElastiCache lets an IAM user in, in place of a password: a `connect` request that is signed in its query, for fifteen minutes.
///
/// Source: Amazon ElastiCache User Guide, "Authenticating with IAM".
public struct ElastiCacheToken: Sendable {
    /// Seconds for which a token lets in. A connection that it let in lasts longer: twelve hours.
    public static let validity = 900
    private static let service = "elasticache"

    private let signer: Signer
    private let user: String
    private let cacheName: String
    private let isServerless: Bool

    /// Tokens of one user for one cache.
    ///
    /// - Parameters:
    ///   - user: The user's id, which for IAM users is its name as well.
    ///   - cacheName: The name of the replication group or serverless cache, not its host name; signed in small letters.
    ///   - isServerless: Whether the cache is a serverless one.
    ///   - region: Where the cache is.
    public init(user: String, cacheName: String, isServerless: Bool, region: String) throws(AWSError) {
        self.signer = try Signer(service: Self.service, region: region)
        self.user = user
        self.cacheName = cacheName.lowercased()
        self.isServerless = isServerless
    }

    /// The token that these credentials make at this moment, in seconds since 1970. A secret.
    public func text(with credentials: AWSCredentials, at seconds: Int64) throws(AWSError) -> String {
        var query = Array("Action=connect&User=".utf8)
        for byte in self.user.utf8 { PercentEncoding.append(byte, to: &query) }
        if self.isServerless { query += Array("&ResourceType=ServerlessCache".utf8) }
        let request = SigningRequest(
            method: "GET", path: "/", query: String(decoding: query, as: UTF8.self), headers: HTTPHeaders([("Host", self.cacheName)]),
            payload: .bytes([]))
        let signed = try self.signer.presign(
            request, with: credentials, at: SigningDate(seconds: seconds), expires: Self.validity)
        return "\(self.cacheName)/?\(signed.query)"
    }
}
