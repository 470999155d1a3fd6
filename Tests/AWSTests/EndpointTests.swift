import Testing

@testable import AWS

@Suite("Endpoints")
struct EndpointTests {
    private static let config = """
        [default]
        endpoint_url = http://profile
        services = mine
        [profile plain]
        endpoint_url = http://plain
        [profile bare]
        region = eu-west-1
        [profile ignoring]
        endpoint_url = http://plain
        ignore_configured_endpoint_urls = true
        [profile fips]
        use_fips_endpoint = true
        use_dualstack_endpoint = true
        [services mine]
        s3 =
          endpoint_url = http://s3
        dynamodb =
          endpoint_url = http://service   # why
        sts =
        \tendpoint_url = http://sts
        """

    private func url(_ variables: [String: String] = [:], region: String = "eu-central-1", explicit: String? = nil) throws -> String {
        let environment = Environment(variables.merging(["HOME": "/h"]) { $1 })
        let files = try ProfileFiles(environment: environment) { (path) throws(AWSError) in path.hasSuffix("config") ? Self.config : nil }
        return try AWSEndpoint.resolve(service: "dynamodb", region: region, explicit: explicit, environment: environment, files: files).url
    }

    @Test("the explicit URL, the service's variable, the general one, the profile's for the service, the profile's: in this order")
    func precedence() throws {
        let both = ["AWS_ENDPOINT_URL_DYNAMODB": "http://one", "AWS_ENDPOINT_URL": "http://two"]
        #expect(try self.url(both, explicit: "http://zero") == "http://zero/")
        #expect(try self.url(both) == "http://one/")
        #expect(try self.url(["AWS_ENDPOINT_URL": "http://two"]) == "http://two/")
        #expect(try self.url(["AWS_ENDPOINT_URL": " "]) == "http://service/")
        #expect(try self.url(["AWS_PROFILE": "plain"]) == "http://plain/")
        #expect(try self.url(["AWS_PROFILE": "bare"]) == "https://dynamodb.eu-central-1.amazonaws.com/")
    }

    @Test("configured URLs may be ignored, by a variable or the profile; the explicit one is not")
    func ignored() throws {
        let variables = ["AWS_ENDPOINT_URL": "http://two", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"]
        #expect(try self.url(variables) == "https://dynamodb.eu-central-1.amazonaws.com/")
        #expect(try self.url(variables, explicit: "http://zero") == "http://zero/")
        #expect(try self.url(["AWS_PROFILE": "ignoring"]) == "https://dynamodb.eu-central-1.amazonaws.com/")
        #expect(try self.url(["AWS_PROFILE": "ignoring", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"]) == "http://plain/")
    }

    @Test(
        "each partition has its names: plain, FIPS, dual stack, both",
        arguments: [
            (
                "us-east-1", "dynamodb.us-east-1.amazonaws.com", "dynamodb-fips.us-east-1.amazonaws.com", "dynamodb.us-east-1.api.aws",
                "dynamodb-fips.us-east-1.api.aws"
            ),
            (
                "cn-north-1", "dynamodb.cn-north-1.amazonaws.com.cn", "dynamodb-fips.cn-north-1.amazonaws.com.cn",
                "dynamodb.cn-north-1.api.amazonwebservices.com.cn", "dynamodb-fips.cn-north-1.api.amazonwebservices.com.cn"
            ),
            (
                "us-gov-west-1", "dynamodb.us-gov-west-1.amazonaws.com", "dynamodb.us-gov-west-1.amazonaws.com",
                "dynamodb.us-gov-west-1.api.aws", "dynamodb-fips.us-gov-west-1.api.aws"
            ),
            (
                "us-iso-east-1", "dynamodb.us-iso-east-1.c2s.ic.gov", "dynamodb-fips.us-iso-east-1.c2s.ic.gov",
                "dynamodb.us-iso-east-1.api.aws.ic.gov", "dynamodb-fips.us-iso-east-1.api.aws.ic.gov"
            ),
            (
                "us-isob-east-1", "dynamodb.us-isob-east-1.sc2s.sgov.gov", "dynamodb-fips.us-isob-east-1.sc2s.sgov.gov",
                "dynamodb.us-isob-east-1.api.aws.scloud", "dynamodb-fips.us-isob-east-1.api.aws.scloud"
            ),
            (
                "eu-isoe-west-1", "dynamodb.eu-isoe-west-1.cloud.adc-e.uk", "dynamodb-fips.eu-isoe-west-1.cloud.adc-e.uk",
                "dynamodb.eu-isoe-west-1.api.cloud-aws.adc-e.uk", "dynamodb-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"
            ),
            (
                "us-isof-south-1", "dynamodb.us-isof-south-1.csp.hci.ic.gov", "dynamodb-fips.us-isof-south-1.csp.hci.ic.gov",
                "dynamodb.us-isof-south-1.api.aws.hci.ic.gov", "dynamodb-fips.us-isof-south-1.api.aws.hci.ic.gov"
            ),
            (
                "eusc-de-east-1", "dynamodb.eusc-de-east-1.amazonaws.eu", "dynamodb-fips.eusc-de-east-1.amazonaws.eu",
                "dynamodb.eusc-de-east-1.api.amazonwebservices.eu", "dynamodb-fips.eusc-de-east-1.api.amazonwebservices.eu"
            ),
            (
                "mars-1", "dynamodb.mars-1.amazonaws.com", "dynamodb-fips.mars-1.amazonaws.com", "dynamodb.mars-1.api.aws",
                "dynamodb-fips.mars-1.api.aws"
            ),
        ])
    func partitions(region: String, plain: String, fips: String, dual: String, both: String) throws {
        let bare = ["AWS_PROFILE": "bare"]
        let (f, d) = (["AWS_USE_FIPS_ENDPOINT": "true"], ["AWS_USE_DUALSTACK_ENDPOINT": "true"])
        func url(_ more: [String: String]) throws -> String { try self.url(bare.merging(more) { $1 }, region: region) }
        #expect(try url([:]) == "https://\(plain)/")
        #expect(try url(f) == "https://\(fips)/")
        #expect(try url(d) == "https://\(dual)/")
        #expect(try url(f.merging(d) { $1 }) == "https://\(both)/")
        #expect(try self.url(["AWS_PROFILE": "fips"], region: region) == "https://\(both)/")
    }

    @Test("a flag that is neither true nor false, and a URL that is none, name what to correct")
    func mistakes() {
        for (variables, says) in [
            (["AWS_PROFILE": "bare", "AWS_USE_FIPS_ENDPOINT": "yes"], "AWS_USE_FIPS_ENDPOINT"),
            (["AWS_ENDPOINT_URL_DYNAMODB": "x"], "AWS_ENDPOINT_URL_DYNAMODB"), (["AWS_ENDPOINT_URL": "ftp://x"], "AWS_ENDPOINT_URL"),
        ] {
            let error = #expect(throws: AWSError.self) { try self.url(variables) }
            #expect(error?.message.contains(says) == true)
        }
    }

    private func account(_ variables: [String: String], region: String = "eu-central-1") throws -> AWSServiceConfiguration {
        let own = ["HOME": "/nowhere", "AWS_REGION": region]
        return try AWSServiceConfiguration.resolve(service: "dynamodb", environment: Environment(own.merging(variables) { $1 }))
    }

    @Test("where the account is known its own endpoint is used, in commercial regions without FIPS")
    func accounts() throws {
        let id = "123456789012"
        let plain = try self.account([:])
        #expect(try plain.accountEndpoint?.endpoint(accountID: id)?.url == "https://123456789012.ddb.eu-central-1.amazonaws.com/")
        #expect(try plain.accountEndpoint?.endpoint(accountID: nil) == nil)
        #expect(try plain.accountEndpoint?.endpoint(accountID: "12-456789012") == nil)
        let dual = try self.account(["AWS_USE_DUALSTACK_ENDPOINT": "true"])
        #expect(try dual.accountEndpoint?.endpoint(accountID: id)?.url == "https://123456789012.ddb.eu-central-1.api.aws/")
        for none in [["AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"], ["AWS_USE_FIPS_ENDPOINT": "true"], ["AWS_ENDPOINT_URL": "http://h"]] {
            #expect(try self.account(none).accountEndpoint == nil)
        }
        #expect(try self.account([:], region: "cn-north-1").accountEndpoint == nil)
    }

    @Test("an account that has to be known and is not is an error, and so is a mode that is none")
    func requiredAccount() throws {
        let required = try self.account(["AWS_ACCOUNT_ID_ENDPOINT_MODE": "required"])
        #expect(throws: AWSError.self) { try required.accountEndpoint?.endpoint(accountID: nil) }
        #expect(throws: AWSError.self) {
            try self.account(["AWS_ACCOUNT_ID_ENDPOINT_MODE": "required", "AWS_USE_FIPS_ENDPOINT": "true"])
        }
        #expect(throws: AWSError.self) { try self.account(["AWS_ACCOUNT_ID_ENDPOINT_MODE": "sometimes"]) }
    }
}
