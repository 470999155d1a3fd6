/// The keys of this module's log metadata.
enum RedisLogKey {
    static let error = "redis.error"
    static let tls = "redis.tls"
}
