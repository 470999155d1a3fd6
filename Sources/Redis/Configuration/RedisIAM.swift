/// Whom ElastiCache knows this client as: a user of the authentication type `iam`, and the cache that the user is to connect to.
///
/// A connection shows a token in place of a password: a signed request that whoever has the AWS credentials can make (`RedisCredentialSource`).
public struct RedisIAM: Hashable, Sendable {
    /// The user's id, which is its name as well.
    public var user: String
    /// The name of the replication group or serverless cache, in small letters: not its host name.
    public var cacheName: String
    /// Whether the cache is a serverless one.
    public var isServerless: Bool
    /// The region of the cache; `nil`: that of the AWS settings.
    public var region: String?

    /// The name is signed in small letters, so it is kept so.
    public init(user: String, cacheName: String, isServerless: Bool = false, region: String? = nil) {
        self.user = user
        self.cacheName = cacheName.lowercased()
        self.isServerless = isServerless
        self.region = region
    }

    /// The identity of `iam://user@cache-name?serverless=true&region=eu-central-1`, of which `iam://` and all from the question mark may be left away.
    /// Throws `.invalidConfiguration`.
    public init(url: String) throws(RedisError) {
        var text = ArraySlice(url.utf8)
        if text.starts(with: "iam://".utf8) { text = text.dropFirst(6) }
        let mark = text.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        var query = try RedisURLQuery(text[mark...].dropFirst())
        let isServerless = try query.takeFlag("serverless") ?? false
        let region = try query.take("region")
        try query.end(allowed: "serverless and region")
        self = try Self(userAtCache: text[..<mark], isServerless: isServerless, region: region)
    }

    init(userAtCache text: ArraySlice<UInt8>, isServerless: Bool, region: String?) throws(RedisError) {
        let form = "Write the IAM identity of Redis as user@cache-name, with the name of the cache and not its host name."
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { throw RedisError(.invalidConfiguration, form) }
        let user = String(decoding: try RedisURLParser.percentDecoded(text[..<at]), as: UTF8.self)
        let cache = String(decoding: try RedisURLParser.percentDecoded(text[(at + 1)...]), as: UTF8.self)
        self.init(user: user, cacheName: cache, isServerless: isServerless, region: region)
        if self.checks.contains(where: \.0) { throw RedisError(.invalidConfiguration, form) }
    }

    /// What cannot work. Source: Amazon ElastiCache User Guide, "Authenticating with IAM": names are of letters, digits and hyphens.
    var checks: [(Bool, String)] {
        func isName(_ text: String) -> Bool {
            (1...120).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || byte == UInt8(ascii: "-")
                }
        }
        return [
            (!isName(self.user), "Give the IAM identity of Redis a user id of letters, digits and hyphens."),
            (
                !isName(self.cacheName),
                "Give the IAM identity of Redis the cache's name, of letters, digits and hyphens: not its host name."
            ),
            (self.region.map { !isName($0) } ?? false, "Correct the region of the IAM identity of Redis, such as eu-central-1."),
        ]
    }
}
