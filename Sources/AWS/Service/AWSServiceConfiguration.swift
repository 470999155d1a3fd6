/// Which service a client speaks to, where, and how persistently.
package struct AWSServiceConfiguration: Sendable {
    /// The signing name: `dynamodb`.
    package var service: String
    /// The region of the signatures.
    package var region: String
    /// Where to send requests.
    package var endpoint: AWSEndpoint
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
    /// The files are read only if nothing before them names a region.
    package static func resolve(
        service: String, region: String? = nil, endpoint: String? = nil, environment: Environment
    ) throws(AWSError) -> AWSServiceConfiguration {
        let given = region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        let files = given == nil ? try ProfileFiles(environment: environment) : nil
        let region = try AWSRegion.resolve(explicit: given, environment: environment, files: files)
        let endpoint = try AWSEndpoint.resolve(service: service, region: region, explicit: endpoint, environment: environment)
        return AWSServiceConfiguration(service: service, region: region, endpoint: endpoint)
    }
}
