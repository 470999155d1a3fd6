import Redis
import Testing

struct RedisURLTests {
    @Test("a URL names host, port, user, password and database")
    func complete() throws {
        let configuration = try RedisConfiguration(url: "redis://app:s%40cret%2F@cache.example:6380/3")
        #expect(configuration.host == "cache.example")
        #expect(configuration.port == 6380)
        #expect(configuration.credentials == RedisCredentials(user: Array("app".utf8), password: Array("s@cret/".utf8)))
        #expect(configuration.database == 3)
    }

    @Test(
        "what a URL leaves away has a default",
        arguments: ["redis://h", "redis://h/", "redis://h:6379", "REDIS://h:/0", "redis://@h", "redis://:@h"])
    func defaults(url: String) throws {
        #expect(try RedisConfiguration(url: url) == RedisConfiguration(host: "h", port: 6379, credentials: nil, database: 0))
    }

    @Test("a password stands alone after a colon, and may hold bytes that are no text")
    func passwordAlone() throws {
        #expect(try RedisConfiguration(url: "redis://:pw@h").credentials == RedisCredentials(password: Array("pw".utf8)))
        #expect(try RedisConfiguration(url: "redis://:%00%ff:@@h").credentials?.password == [0, 255, UInt8(ascii: ":"), UInt8(ascii: "@")])
    }

    @Test("rediss names TLS, its files, the server's name and an IAM identity; the port is the same")
    func encrypted() throws {
        let plain = try RedisConfiguration(url: "rediss://cache.example")
        #expect(plain == RedisConfiguration(host: "cache.example", port: 6379, tls: RedisTLS()))
        let whole = try RedisConfiguration(
            url: "rediss://cache.example:6380/2?ca=/etc/ca%20file.pem&cert=/c.pem&key=/k.pem&name=real.example&iam=app-1@My-Cache&"
                + "serverless=true&region=eu-central-1")
        #expect((whole.port, whole.database) == (6380, 2))
        #expect(
            whole.tls
                == RedisTLS(authorityFile: "/etc/ca file.pem", certificateFile: "/c.pem", keyFile: "/k.pem", serverName: "real.example"))
        #expect(whole.iam == RedisIAM(user: "app-1", cacheName: "my-cache", isServerless: true, region: "eu-central-1"))
        #expect(try RedisConfiguration(url: "rediss://h?iam=iam://app@c").iam == RedisIAM(user: "app", cacheName: "c"))
        let serverless = RedisIAM(user: "app", cacheName: "c", isServerless: true, region: "eu-west-1")
        #expect(try RedisIAM(url: "iam://app@c?serverless=true&region=eu-west-1") == serverless)
        #expect(try RedisIAM(url: "app@c") == RedisIAM(user: "app", cacheName: "c"))
    }

    @Test("an IPv6 address stands in brackets")
    func addressV6() throws {
        let configuration = try RedisConfiguration(url: "redis://u:p@[::1]:7000/1")
        #expect(configuration.host == "::1")
        #expect(configuration.port == 7000)
        #expect(try RedisConfiguration(url: "redis://[fe80::2]").port == 6379)
    }

    @Test(
        "a URL that cannot work is refused with a sentence that says what to write, and does not quote it",
        arguments: [
            ("", "redis://user:password@host:port/db"),
            ("cache:6379", "redis://user:password@host:port/db"),
            ("http://cache", "redis://"),
            ("iam://user@cache", "rediss://host:6379?iam=user@cache-name"),
            ("redis://cache?ca=/ca.pem", "rediss://"),
            ("redis://cache?iam=app@cache", "readable"),
            ("rediss://cache?iam=app", "user@cache-name"),
            ("rediss://cache?iam=app@cache.example.com", "not its host name"),
            ("rediss://cache?iam=@cache", "user@cache-name"),
            ("rediss://:hunter2@cache?iam=app@cache", "not both"),
            ("rediss://cache?serverless=true", "iam=user@cache-name"),
            ("rediss://cache?iam=app@cache&serverless=yes", "serverless=true"),
            ("rediss://cache?cert=/c.pem", "key"),
            ("rediss://cache?ca=", "name=value"),
            ("rediss://cache?ca=/a&ca=/b", "once"),
            ("rediss://cache?hunter=2", "%3F"),
            ("rediss://cache?ca=%ff", "UTF-8"),
            ("rediss://:hun?ter2@cache", "%3F"),
            ("redis://", "host"),
            ("redis://:hunter2@", "host"),
            ("redis://hunter2@cache", ":password@"),
            ("redis://app:@cache", "password"),
            ("redis://:hunter%2@cache", "%25"),
            ("redis://:hunter2%zz@cache", "%25"),
            ("redis://:hunter2?@cache", "%3F"),
            ("redis://:hunter2#@cache", "%23"),
            ("redis://:hunter/2@cache", "number"),
            ("redis://cache:0", "65535"),
            ("redis://cache:65536", "65535"),
            ("redis://cache:6379x", "65535"),
            ("redis://cache/one", "number"),
            ("redis://cache/-1", "number"),
            ("redis://cache/99999999999999999999", "number"),
            ("redis://cache/4294967296", "database"),
            ("redis://::1:6379", "brackets"),
            ("redis://[::1", "bracket"),
            ("redis://[::1]6379", ":port"),
            ("redis://cache\n", "line ends"),
            (" redis://cache", "spaces"),
        ])
    func refused(url: String, hint: String) {
        do {
            _ = try RedisConfiguration(url: url)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains(hint))
            #expect(!error.description.contains("hunter"))
        }
    }

    @Test("all problems of a configuration are listed at once")
    func validation() {
        var configuration = RedisConfiguration(host: "", port: 0, database: -1)
        configuration.commandTimeout = .zero
        configuration.maxInFlight = 0
        configuration.backoff.maximum = .zero
        do {
            try configuration.validate()
            Issue.record("accepted")
        } catch {
            for word in ["host", "port", "database", "commandTimeout", "maxInFlight", "backoff"] { #expect(error.message.contains(word)) }
        }
    }

    @Test("credentials are never printed")
    func secrets() throws {
        let configuration = try RedisConfiguration(url: "redis://app:hunter2@cache")
        var dumped = ""
        dump(configuration, to: &dumped)
        let secret = "\(Array("hunter2".utf8))"
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains(secret))
            #expect(!text.contains("104"))
        }
    }
}
