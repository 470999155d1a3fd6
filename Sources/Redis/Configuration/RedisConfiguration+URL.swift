extension RedisConfiguration {
    /// The Redis of a URL `redis://user:password@host:port/db`; all but the host may be absent.
    ///
    /// User and password are percent-decoded; an IPv6 address stands in brackets. The rules follow the `redis` URI scheme as registered
    /// with IANA. Throws `.invalidConfiguration`, without quoting the URL: it may hold a password.
    public init(url: String) throws(RedisError) {
        var parser = RedisURLParser(url)
        self = try parser.configuration()
        try self.validate()
    }
}
