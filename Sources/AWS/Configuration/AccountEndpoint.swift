/// DynamoDB's endpoint of one account, used when the credentials say which account they belong to. Source: AWS SDKs and Tools Reference Guide,
/// "Account-based endpoints".
package struct AccountEndpoint: Hashable, Sendable {
    /// What follows the account's number in the host: `.ddb.eu-central-1.amazonaws.com`.
    private let suffix: String
    /// Whether a call without a known account fails.
    private let isRequired: Bool

    /// Nil where there is none: switched off, outside the commercial partition, FIPS. Throws for a mode that is none.
    init?(region: String, variant: EndpointVariant, environment: Environment, files: ProfileFiles?) throws(AWSError) {
        let mode = (environment["AWS_ACCOUNT_ID_ENDPOINT_MODE"] ?? files?["account_id_endpoint_mode"])?.lowercased() ?? "preferred"
        guard ["preferred", "disabled", "required"].contains(mode) else {
            throw AWSError(
                .configuration,
                "AWS_ACCOUNT_ID_ENDPOINT_MODE (or account_id_endpoint_mode of the profile) is preferred, required or disabled: correct it.")
        }
        let partition = AWSPartition(region: region)
        guard mode != "disabled", partition.name == "aws", !variant.isFIPS else {
            guard mode != "required" else {
                throw AWSError(
                    .configuration,
                    "There are no account-based endpoints here, and AWS_ACCOUNT_ID_ENDPOINT_MODE requires them: they need a commercial region "
                        + "without FIPS.")
            }
            return nil
        }
        self.suffix = ".ddb.\(region).\(variant.isDualStack ? partition.dualStackSuffix : partition.suffix)"
        self.isRequired = mode == "required"
    }

    /// The endpoint of that account, nil to use the region's. Throws when it has to be known and is not.
    func endpoint(accountID: String?) throws(AWSError) -> AWSEndpoint? {
        guard let accountID, accountID.utf8.count == 12, accountID.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            guard !self.isRequired else {
                throw AWSError(
                    .configuration,
                    "AWS_ACCOUNT_ID_ENDPOINT_MODE requires the account's number, and the credentials do not say it: set AWS_ACCOUNT_ID or "
                        + "aws_account_id of the profile.")
            }
            return nil
        }
        return try AWSEndpoint(url: "https://" + accountID + self.suffix)
    }
}
