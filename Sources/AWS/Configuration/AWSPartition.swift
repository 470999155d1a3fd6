/// A group of regions with its own names. Source: botocore's partitions.json; AWS Fault Isolation Boundaries, "Partitions".
package struct AWSPartition: Hashable, Sendable {
    /// `aws`, `aws-cn`, ...
    package let name: String
    /// The end of its host names.
    package let suffix: String
    /// The end of the names that have IPv6 addresses as well.
    package let dualStackSuffix: String

    /// The region's partition; a region of no known one counts to `aws`.
    package init(region: String) {
        self = Self.others.first { region.hasPrefix($0.prefix) }?.partition ?? Self.commercial
    }

    private init(_ name: String, _ suffix: String, _ dualStackSuffix: String) {
        self.name = name
        self.suffix = suffix
        self.dualStackSuffix = dualStackSuffix
    }

    private static let commercial = AWSPartition("aws", "amazonaws.com", "api.aws")

    private static let others: [(prefix: String, partition: AWSPartition)] = [
        ("cn-", AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
        ("us-gov-", AWSPartition("aws-us-gov", "amazonaws.com", "api.aws")),
        ("us-iso-", AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
        ("us-isob-", AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
        ("eu-isoe-", AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
        ("us-isof-", AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
        ("eusc-", AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ]
}
