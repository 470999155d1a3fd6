import Testing

@testable import AWS

private func read(_ files: [String: String]) -> (String) throws(AWSError) -> String? {
    { path in files[path] }
}

private func failure(_ body: () throws(AWSError) -> Void) -> AWSError? {
    do throws(AWSError) {
        try body()
        return nil
    } catch {
        return error
    }
}

@Suite("Region, endpoint and profile files")
struct ConfigurationTests {
    @Test("a blank variable is an unset one, and white space around a value is not part of it")
    func environment() {
        let environment = Environment(["A": "", "B": " \t", "C": " x \n"])
        #expect(environment["A"] == nil)
        #expect(environment["B"] == nil)
        #expect(environment["C"] == "x")
        #expect(environment["D"] == nil)
    }

    @Test("a profile file has profiles, comments, nested settings and quoted names")
    func parsing() throws {
        let config = try ProfileFile(
            "\u{feff}# comment\r\nignored = 1\r\n[default]\r\nREGION = eu-west-1 # why\r\ns3 =\r\n  region = nested\r\n"
                + "[ profile \"my profile\" ]\nregion=us-east-2\npath = a#b;c\n[services dynamo]\nregion = no\n; end\n[plain]\nregion = no\n"
                + "[profile default]\nregion = eu-north-1\n[profile my profile]\nextra = 1\n",
            style: .config)
        #expect(config.profiles["default"] == ["region": "eu-north-1"])
        #expect(config.profiles["my profile"] == ["region": "us-east-2", "path": "a#b;c", "extra": "1"])
        #expect(config.profiles.count == 2)
        let credentials = try ProfileFile("[one]\naws_access_key_id = A\n[two]\n", style: .credentials)
        #expect(credentials.profiles == ["one": ["aws_access_key_id": "A"], "two": [:]])
    }

    @Test("a line that is no setting is an error with its number and without its content", arguments: ["[x", "secret stuff"])
    func malformed(line: String) {
        let error = failure { () throws(AWSError) in _ = try ProfileFile("[default]\n\n\(line)\n", style: .credentials) }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains("Line 3") == true)
        #expect(error?.message.contains("secret stuff") == false)
    }

    @Test("the credentials file wins over the configuration file, AWS_PROFILE chooses, the paths come from the environment or HOME")
    func files() throws {
        let files = [
            "/h/.aws/config": "[default]\nregion=eu-west-1\naws_access_key_id=C\naws_secret_access_key=S\n[profile p]\nregion=us-west-2\n",
            "/h/.aws/credentials":
                "[default]\naws_access_key_id=A\naws_secret_access_key=B\naws_session_token=T\n[half]\naws_access_key_id=A\n",
            "/other": "[p]\naws_access_key_id=P\naws_secret_access_key=Q\n",
        ]
        func load(_ variables: [String: String]) throws(AWSError) -> ProfileFiles {
            try ProfileFiles(environment: Environment(variables), read: read(files))
        }
        let plain = try load(["HOME": "/h"])
        #expect(plain["region"] == "eu-west-1")
        #expect(try plain.keys(of: "default") == AWSCredentials(accessKeyID: "A", secretAccessKey: "B", sessionToken: "T"))
        let named = try load(["HOME": "/h", "AWS_PROFILE": "p", "AWS_SHARED_CREDENTIALS_FILE": "/other"])
        #expect(named["region"] == "us-west-2")
        #expect(try named.keys(of: "p") == AWSCredentials(accessKeyID: "P", secretAccessKey: "Q"))
        let missing = try load(["HOME": "/h", "AWS_PROFILE": "none"])
        #expect(failure { () throws(AWSError) in try missing.checkProfileExists() }?.kind == .configuration)
        let half = try load(["HOME": "/h", "AWS_PROFILE": "half"])
        #expect(failure { () throws(AWSError) in _ = try half.keys(of: "half") }?.kind == .noCredentials)
        #expect(try load([:]).keys(of: "default") == nil)
        let tilde = try load(["HOME": "/h", "AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "/none"])
        #expect(try tilde.keys(of: "default")?.accessKeyID == "C")
    }

    @Test("the region is the explicit one, AWS_REGION, AWS_DEFAULT_REGION, the profile's, in this order")
    func region() throws {
        let files = try ProfileFiles(environment: Environment(["HOME": "/h"]), read: read(["/h/.aws/config": "[default]\nregion=d\n"]))
        let both = Environment(["AWS_REGION": "b", "AWS_DEFAULT_REGION": "c"])
        #expect(try AWSRegion.resolve(explicit: "a", environment: both, files: files) == "a")
        #expect(try AWSRegion.resolve(explicit: nil, environment: both, files: files) == "b")
        let second = Environment(["AWS_REGION": "", "AWS_DEFAULT_REGION": "c"])
        #expect(try AWSRegion.resolve(explicit: nil, environment: second, files: files) == "c")
        #expect(try AWSRegion.resolve(explicit: nil, environment: Environment([:]), files: files) == "d")
        let none = failure { () throws(AWSError) in
            _ = try AWSRegion.resolve(explicit: nil, environment: Environment([:]), files: nil)
        }
        #expect(none?.message.contains("AWS_REGION") == true)
        for wrong in ["Us-east-1", "us east", "a/b", "a.b", "-a", "a@b", ""] {
            #expect(!AWSRegion.isValid(wrong), "\(wrong)")
        }
    }

    @Test("the endpoint is the explicit one, the service's variable, the general one, or the partition's")
    func endpoint() throws {
        func url(_ variables: [String: String], explicit: String? = nil, region: String = "eu-central-1") throws(AWSError) -> String {
            try AWSEndpoint.resolve(service: "dynamodb", region: region, explicit: explicit, environment: Environment(variables)).url
        }
        let both = ["AWS_ENDPOINT_URL_DYNAMODB": "http://one:8000", "AWS_ENDPOINT_URL": "http://two"]
        #expect(try url(both, explicit: "http://zero") == "http://zero/")
        #expect(try url(both) == "http://one:8000/")
        #expect(try url(["AWS_ENDPOINT_URL_DYNAMODB": " ", "AWS_ENDPOINT_URL": "http://two"]) == "http://two/")
        #expect(try url([:]) == "https://dynamodb.eu-central-1.amazonaws.com/")
        #expect(try url([:], region: "cn-north-1") == "https://dynamodb.cn-north-1.amazonaws.com.cn/")
        #expect(try url([:], region: "us-gov-west-1") == "https://dynamodb.us-gov-west-1.amazonaws.com/")
        #expect(try url([:], region: "us-iso-east-1") == "https://dynamodb.us-iso-east-1.c2s.ic.gov/")
    }

    @Test("an endpoint's host is what Host says: small letters, no port of the scheme's own")
    func hosts() throws {
        #expect(try AWSEndpoint(url: "HTTP://Local:80").host == "local")
        #expect(try AWSEndpoint(url: "https://h:443/p").host == "h")
        #expect(try AWSEndpoint(url: "https://h:443/p").path == "/p")
        #expect(try AWSEndpoint(url: "http://h:443").host == "h:443")
        #expect(try AWSEndpoint(url: "http://[::1]:8000/").host == "[::1]:8000")
        #expect(try AWSEndpoint(url: "http://[::1]").url == "http://[::1]/")
    }

    @Test(
        "a URL that cannot be an endpoint is refused",
        arguments: [
            "", "h", "ftp://h", "http://", "http:///p", "http://u:p@h", "http://h?q", "http://h/#f", "http://h:0", "http://h:70000",
            "http://h:x",
            "http://h:+1", "http://[::1", "http://h h", "http://h\nX: y", "//h", "http:/h",
        ])
    func invalid(url: String) {
        #expect(failure { () throws(AWSError) in _ = try AWSEndpoint(url: url) }?.kind == .configuration)
    }
}
