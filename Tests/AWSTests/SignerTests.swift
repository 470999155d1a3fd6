import HTTP
import Testing

@testable import AWS

/// The credentials, date and scope of AWS's published examples ("Create a signed AWS API request" and the SigV4 test suite).
private let example = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
private let exampleDate = SigningDate(seconds: 1_440_938_160)
private let exampleHost = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")]

private func signature(
    _ method: String = "GET", _ path: String = "/", query: String = "", headers: [(String, String)] = exampleHost, body: String = ""
) throws -> String {
    let signer = try Signer(service: "service", region: "us-east-1")
    let request = SigningRequest(
        method: method, path: path, query: query, headers: HTTPHeaders(headers), payload: .bytes(Array(body.utf8)))
    let value = String(decoding: try signer.authorization(of: request, with: example, at: exampleDate), as: UTF8.self)
    return String(value.suffix(64))
}

@Suite("Signature Version 4")
struct SignerTests {
    @Test("the published example of the IAM ListUsers request has its published form, string to sign and signature")
    func listUsers() throws {
        let signer = try Signer(service: "iam", region: "us-east-1")
        let request = SigningRequest(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: HTTPHeaders([
                ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Host", "iam.amazonaws.com"),
                ("X-Amz-Date", "20150830T123600Z"),
            ]),
            payload: .bytes([]))
        let explained = try signer.explain(request, at: exampleDate)
        #expect(
            explained.canonicalRequest == """
                GET
                /
                Action=ListUsers&Version=2010-05-08
                content-type:application/x-www-form-urlencoded; charset=utf-8
                host:iam.amazonaws.com
                x-amz-date:20150830T123600Z

                content-type;host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """)
        #expect(
            explained.stringToSign == """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/iam/aws4_request
                f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59
                """)
        let value = String(decoding: try signer.authorization(of: request, with: example, at: exampleDate), as: UTF8.self)
        #expect(
            value == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
    }

    @Test("the signing key of the published example is the published one")
    func derivation() throws {
        let key = try SigningKey(day: exampleDate.day, region: "us-east-1", service: "iam", credentials: example, mac: MACContext())
        #expect(Hex.string(key.bytes) == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    }

    @Test("codes of RFC 4231 come out, with keys shorter and longer than a block")
    func codes() throws {
        func code(_ key: [UInt8], _ text: String) throws -> String {
            let mac = try MACContext()
            var result = [UInt8](repeating: 0, count: DigestContext.length)
            try mac.setKey(key)
            // The key stays for a second message.
            for _ in 0..<2 { try mac.authenticate(Array(text.utf8), into: &result) }
            return Hex.string(result)
        }
        #expect(
            try code(Array("Jefe".utf8), "what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            try code([UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First")
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(try code([], "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("the vanilla requests of the published suite have their signatures")
    func vanilla() throws {
        #expect(try signature() == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
        #expect(try signature("POST") == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
        #expect(
            try signature(query: "Param2=value2&Param1=value1")
                == "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")
    }

    @Test("a path is normalised and encoded once more than it is sent")
    func paths() throws {
        func path(_ text: String, _ rules: SigningRules = SigningRules()) -> String {
            var result: [UInt8] = []
            CanonicalPath.append(text, rules: rules, to: &result)
            return String(decoding: result, as: UTF8.self)
        }
        #expect(path("") == "/")
        #expect(path("/") == "/")
        #expect(path("//") == "/")
        #expect(path("/./") == "/")
        #expect(path("/example/..") == "/")
        #expect(path("/example1/example2/../..") == "/")
        #expect(path("/./example") == "/example")
        #expect(path("//example//") == "/example/")
        #expect(path("/a/./b/") == "/a/b/")
        #expect(path("/example space/") == "/example%20space/")
        #expect(path("/\u{1234}") == "/%E1%88%B4")
        #expect(path("/a%20b") == "/a%2520b")
        #expect(path("/a%20b/../c", .s3) == "/a%20b/../c")
        #expect(path("", .s3) == "/")
        #expect(path("/a b/../c//d/.", SigningRules(normalizesPath: false)) == "/a%20b/../c//d/.")
        #expect(path("//", SigningRules(normalizesPath: false)) == "//")
        #expect(path("/-._~0123456789Az") == "/-._~0123456789Az")
    }

    @Test("a query is sorted by name, then value, and encoded by one rule")
    func queries() throws {
        func query(_ text: String) -> String {
            var result: [UInt8] = []
            CanonicalQuery.append(text, to: &result)
            return String(decoding: result, as: UTF8.self)
        }
        #expect(query("") == "")
        #expect(query("b=2&a=1") == "a=1&b=2")
        #expect(query("p=b&p=a&P=c") == "P=c&p=a&p=b")
        #expect(query("flag") == "flag=")
        #expect(query("k=a=b") == "k=a%3Db")
        #expect(query("k=a%2fb&\u{1234}=bar") == "%E1%88%B4=bar&k=a%2Fb")
        #expect(query("k=100%&j=a+b") == "j=a%2Bb&k=100%25")
        #expect(query("-._~Az09=-._~") == "-._~Az09=-._~")
    }

    @Test("header values are trimmed and folded, repeated fields joined in order, changing fields left out")
    func headers() throws {
        let signer = try Signer(service: "service", region: "us-east-1")
        let request = SigningRequest(
            method: "GET", path: "/",
            headers: HTTPHeaders([
                ("My-Header1", "  value1  a\tb "), ("Host", "example.amazonaws.com"), ("my-header1", "value0"), ("User-Agent", "x"),
                ("Empty", ""), ("X-Amzn-Trace-Id", "y"), ("Connection", "close"),
            ]),
            payload: .unsigned)
        #expect(
            try signer.explain(request, at: exampleDate).canonicalRequest == """
                GET
                /

                empty:
                host:example.amazonaws.com
                my-header1:value1 a b,value0

                empty;host;my-header1
                UNSIGNED-PAYLOAD
                """)
    }

    @Test("signing adds date, token and authorization, and signs the token")
    func sign() throws {
        let signer = try Signer(service: "dynamodb", region: "eu-central-1")
        var credentials = example
        credentials.sessionToken = "token/of+session=="
        var request = SigningRequest(method: "POST", path: "/", headers: HTTPHeaders([("Host", "h")]), payload: .bytes(Array("{}".utf8)))
        try signer.sign(&request, with: credentials, at: exampleDate)
        #expect(request.headers["x-amz-date"] == "20150830T123600Z")
        #expect(request.headers["x-amz-security-token"] == "token/of+session==")
        let value = try #require(request.headers["Authorization"])
        #expect(value.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,"))
        #expect(value.contains("Credential=AKIDEXAMPLE/20150830/eu-central-1/dynamodb/aws4_request,"))
    }

    @Test("the cached key follows the day, the access key and the secret")
    func keyCache() throws {
        let signer = try Signer(service: "service", region: "us-east-1")
        let request = SigningRequest(method: "GET", path: "/", headers: HTTPHeaders(exampleHost), payload: .bytes([]))
        let first = try signer.authorization(of: request, with: example, at: exampleDate)
        let nextDay = SigningDate(seconds: exampleDate.seconds + 86_400)
        var other = example
        other.secretAccessKey = "another"
        var renamed = example
        renamed.accessKeyID = "AKIDOTHER"
        #expect(try signer.authorization(of: request, with: example, at: nextDay) != first)
        #expect(try signer.authorization(of: request, with: other, at: exampleDate) != first)
        #expect(try signer.authorization(of: request, with: renamed, at: exampleDate) != first)
        #expect(try signer.authorization(of: request, with: example, at: exampleDate) == first)
        let fresh = try Signer(service: "service", region: "us-east-1")
        #expect(
            try fresh.authorization(of: request, with: example, at: nextDay)
                == signer.authorization(of: request, with: example, at: nextDay))
    }

    @Test("dates are written in UTC, across leap days and before 1970")
    func dates() {
        func text(_ seconds: Int64) -> String { String(decoding: SigningDate(seconds: seconds).text, as: UTF8.self) }
        #expect(text(0) == "19700101T000000Z")
        #expect(text(-1) == "19691231T235959Z")
        #expect(text(1_440_938_160) == "20150830T123600Z")
        #expect(text(951_782_399) == "20000228T235959Z")
        #expect(text(951_782_400) == "20000229T000000Z")
        #expect(text(1_709_251_199) == "20240229T235959Z")
        #expect(text(4_102_444_800) == "21000101T000000Z")
        for days in stride(from: Int64(-200_000), through: 200_000, by: 37) {
            let (year, month, day) = CivilDate.date(daysSince1970: days)
            #expect(CivilDate.daysSince1970(year: year, month: month, day: day) == days)
        }
    }

    @Test("credentials print without their secrets")
    func printing() {
        var text = "\(example) \(String(reflecting: example))"
        dump(example, to: &text)
        #expect(!text.contains("wJal"))
        #expect(!text.contains("AKID"))
    }
}
