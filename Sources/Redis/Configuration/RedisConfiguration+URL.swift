extension RedisConfiguration {
    /// The Redis of a URL `redis://user:password@host:port/db`, or `rediss://` with TLS; all but the host may be absent.
    ///
    /// User and password are percent-decoded; an IPv6 address stands in brackets. The rules follow the `redis` URI scheme as registered with IANA.
    /// `rediss` takes more behind a question mark: `ca`, `cert`, `key` (PEM files), `name` (see `RedisTLS`), and `iam=user@cache-name` with
    /// `serverless=true` and `region` (see `RedisIAM`). Throws `.invalidConfiguration`, without quoting the URL: it may hold a password.
    public init(url: String) throws(RedisError) {
        var parser = RedisURLParser(url)
        self = try parser.configuration()
        try self.validate()
    }
}
