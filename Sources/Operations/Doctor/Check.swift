/// What `doctor` looks at, in the order in which it tells.
package enum Check: String, CaseIterable, Hashable, Sendable {
    case configuration, credentials, region
    case table, keySchema = "key_schema", timeToLive = "time_to_live", encryption, recovery = "point_in_time_recovery"
    case rights, olderItems = "older_items", clock, tableLatency = "table_latency"
    case redis, tls, identity, version, eviction, memory, persistence, failover, cluster
    case keyPrefix = "key_prefix", sealKey = "seal_key", cacheLatency = "cache_latency"

    /// Its name for a person.
    package var title: String {
        String(self.rawValue.map { $0 == "_" ? " " : $0 })
    }
}
