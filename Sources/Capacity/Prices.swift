/// What AWS takes, in US dollars: the public on-demand prices of us-east-1 as far as they were known on `date`. Prices change and differ between regions: look them
/// up, each of them is an input.
package struct Prices: Hashable, Sendable {
    /// When these were written down.
    package static let date = "2026-11-30"
    /// Where they are looked up.
    package static let pages = [
        "https://aws.amazon.com/dynamodb/pricing/on-demand/", "https://aws.amazon.com/elasticache/pricing/",
        "https://aws.amazon.com/lambda/pricing/",
    ]

    /// DynamoDB, a million write request units; table class Standard.
    package var writes = 0.625
    /// DynamoDB, a million read request units.
    package var reads = 0.125
    /// DynamoDB, a gigabyte for a month.
    package var storage = 0.25
    /// DynamoDB, a gigabyte with continuous backups (point-in-time recovery) for a month; 0 without.
    package var backup = 0.20
    /// ElastiCache Serverless for Valkey, a gigabyte for an hour. For Redis OSS: 0.125.
    package var cacheData = 0.084
    /// ElastiCache Serverless for Valkey, a million processing units. For Redis OSS: 0.0034.
    package var cacheUnits = 0.0023
    /// The least that ElastiCache Serverless for Valkey takes for, in gigabytes. For Redis OSS: 1.
    package var cacheMinimum = 0.1
    /// A node for an hour: a cache.r7g.large with Valkey. With Redis OSS: 0.219.
    package var node = 0.1752
    /// Lambda, a million requests.
    package var invocations = 0.20
    /// Lambda, a gigabyte for a second, x86.
    package var invocationTime = 0.0000166667

    /// The defaults.
    package init() {}
}
