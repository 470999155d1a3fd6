/// Which service a client speaks to, where, and how persistently.
package struct AWSServiceConfiguration: Sendable {
    /// The signing name: `dynamodb`.
    package var service: String
    /// The region of the signatures.
    package var region: String
    /// Where to send requests.
    package var endpoint: AWSEndpoint
    /// The endpoint of the credentials' account, in place of the other where the account is known.
    package var accountEndpoint: AccountEndpoint?
    /// When to try again.
    package var retry = RetryPolicy()

    /// A configuration with these parts.
    package init(service: String, region: String, endpoint: AWSEndpoint) {
        self.service = service
        self.region = region
        self.endpoint = endpoint
    }

    /// What the environment and the shared profile files say, under what is given explicitly. Throws `.configuration` with what to set.
    ///
    /// Files that cannot be read are an error only where nothing before them names a region.
    package static func resolve(
        service: String, region: String? = nil, endpoint: String? = nil, environment: Environment
    ) throws(AWSError) -> AWSServiceConfiguration {
        let given = AWSRegion.configured(explicit: region, environment: environment)
        let files = given == nil ? try ProfileFiles(environment: environment) : try? ProfileFiles(environment: environment)
        let region = try AWSRegion.resolve(explicit: given, environment: environment, files: files)
        var chosen = try AWSEndpoint.configured(service: service, environment: environment, files: files)
        if let endpoint { chosen = try AWSEndpoint(url: endpoint) }
        let variant = try EndpointVariant(environment, files)
        let standard = try AWSEndpoint(url: "https://" + variant.host(of: service, region: region))
        var configuration = AWSServiceConfiguration(service: service, region: region, endpoint: chosen ?? standard)
        if chosen == nil, service == "dynamodb" {
            configuration.accountEndpoint = try AccountEndpoint(region: region, variant: variant, environment: environment, files: files)
        }
        configuration.retry = try RetryPolicy.resolve(environment: environment, files: files)
        return configuration
    }
}
