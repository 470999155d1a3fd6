extension AWSEndpoint {
    /// The explicit URL, a configured one, or the service's public endpoint in the region.
    package static func resolve(
        service: String, region: String, explicit: String?, environment: Environment, files: ProfileFiles? = nil
    ) throws(AWSError) -> AWSEndpoint {
        if let explicit { return try AWSEndpoint(url: explicit) }
        if let configured = try self.configured(service: service, environment: environment, files: files) { return configured }
        return try AWSEndpoint(url: "https://" + EndpointVariant(environment, files).host(of: service, region: region))
    }

    /// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the service's URL in the profile's `services` section, the profile's `endpoint_url`; nil without
    /// any, or when they are to be ignored. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    package static func configured(service: String, environment: Environment, files: ProfileFiles?) throws(AWSError) -> AWSEndpoint? {
        let ignore = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? files?["ignore_configured_endpoint_urls"]
        if ignore?.lowercased() == "true" { return nil }
        let variable = "AWS_ENDPOINT_URL_" + service.uppercased()
        for name in [variable, "AWS_ENDPOINT_URL"] {
            if let url = environment[name] { return try AWSEndpoint(url: url, from: name) }
        }
        if let url = files?.setting("endpoint_url", ofService: service) ?? files?["endpoint_url"] {
            return try AWSEndpoint(url: url, from: "endpoint_url of the AWS profile")
        }
        return nil
    }
}

/// Which of a service's public endpoints.
struct EndpointVariant: Hashable, Sendable {
    /// With cryptography validated by FIPS 140 (`AWS_USE_FIPS_ENDPOINT`).
    var isFIPS = false
    /// With IPv6 addresses too (`AWS_USE_DUALSTACK_ENDPOINT`).
    var isDualStack = false

    /// The plain one.
    init() {}

    /// As configured.
    init(_ environment: Environment, _ files: ProfileFiles?) throws(AWSError) {
        self.isFIPS = try Self.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", environment, files)
        self.isDualStack = try Self.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", environment, files)
    }

    /// The host of a service; DynamoDB, STS and SSO follow one rule (their endpoint rule sets in botocore).
    func host(of service: String, region: String) -> String {
        let partition = AWSPartition(region: region)
        let suffix = self.isDualStack ? partition.dualStackSuffix : partition.suffix
        // All endpoints of GovCloud are validated; only those with IPv6 have another name.
        let isNamed = self.isFIPS && (partition.name != "aws-us-gov" || self.isDualStack)
        return "\(service)\(isNamed ? "-fips" : "").\(region).\(suffix)"
    }

    private static func flag(
        _ variable: String, _ setting: String, _ environment: Environment, _ files: ProfileFiles?
    ) throws(AWSError) -> Bool {
        switch (environment[variable] ?? files?[setting])?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw AWSError(.configuration, "\(variable) (or \(setting) of the profile) is true or false: correct it.")
        }
    }
}
