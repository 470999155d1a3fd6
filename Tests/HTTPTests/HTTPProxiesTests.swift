import EventLoop
import TestSupport
import Testing

@testable import HTTP

@Suite("Which proxy a call goes through")
struct HTTPProxiesTests {
    private func proxies(_ variables: [String: String]) -> HTTPProxies {
        HTTPProxies { variables[$0] }
    }

    @Test("the scheme decides which variable counts, and small letters come first")
    func variables() {
        let both = self.proxies(["HTTPS_PROXY": "http://s:1", "HTTP_PROXY": "http://p:2"])
        #expect(both.proxy(for: "https://dynamodb.eu-west-1.amazonaws.com/") == "http://s:1")
        #expect(both.proxy(for: "http://dynamodb.eu-west-1.amazonaws.com") == "http://p:2")
        let small = self.proxies(["HTTPS_PROXY": "http://s:1", "https_proxy": "http://small:1", "http_proxy": "http://small:2"])
        #expect(small.proxy(for: "https://example.com/") == "http://small:1")
        #expect(small.proxy(for: "http://example.com/") == "http://small:2")
        #expect(self.proxies(["HTTP_PROXY": "p:2"]).proxy(for: "https://example.com/") == nil)
        #expect(HTTPProxies().proxy(for: "https://example.com/") == nil)
    }

    @Test("in a CGI program HTTP_PROXY is whatever the caller sent")
    func gateway() {
        #expect(self.proxies(["HTTP_PROXY": "http://p:2", "REQUEST_METHOD": "GET"]).proxy(for: "http://example.com/") == nil)
        #expect(self.proxies(["http_proxy": "http://p:2", "REQUEST_METHOD": "GET"]).proxy(for: "http://example.com/") != nil)
    }

    @Test(
        "this machine and the metadata services are never asked through a proxy",
        arguments: [
            "http://127.0.0.1:8000/", "http://127.1.2.3/", "https://localhost/", "http://LOCALHOST:1", "http://a.localhost/",
            "http://[::1]:8000/", "http://169.254.169.254/latest/", "http://169.254.170.2/v2", "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::254]/latest/", "http://[fd00:ec2::23]/v1/credentials",
        ])
    func direct(url: String) {
        #expect(self.proxies(["HTTP_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:1"]).proxy(for: url) == nil)
    }

    @Test(
        "NO_PROXY: names with all below them, addresses, ranges, ports, everything",
        arguments: [
            ("*", "https://a.example/", true), ("a.example", "https://a.example/", true), ("a.example", "https://b.a.example/x", true),
            ("a.example", "https://ba.example/", false), (".a.example", "https://a.example/", true),
            (".a.example", "https://b.a.example/", true), ("*.a.example", "https://b.a.example/", true),
            ("A.Example", "https://a.EXAMPLE/", true), ("a.example", "https://a.example./", true),
            ("x, a.example", "https://a.example/", true), ("x  a.example", "https://a.example/", true),
            ("a.example:443", "https://a.example/", true), ("a.example:443", "https://a.example:8443/", false),
            ("a.example:8443", "https://a.example:8443/", true), ("10.0.0.0/8", "https://10.20.30.40/", true),
            ("10.0.0.0/8", "https://11.20.30.40/", false), ("10.1.2.3", "https://10.1.2.3/", true),
            ("10.1.2.3", "https://10.1.2.4/", false), ("10.1.2.0/23", "https://10.1.3.9/", true),
            ("10.1.2.0/23", "https://10.1.4.9/", false), ("fd00::/8", "https://[fd12::1]/", true),
            ("fd00::/8", "https://[fe80::1]/", false), ("[fd12::1]", "https://[fd12:0::1]/", true),
            ("10.0.0.0/33", "https://10.0.0.1/", false), ("10.0.0.0/x", "https://10.0.0.1/", false), (".", "https://a.example/", false),
            ("0.0.0.0/0", "https://1.2.3.4/", true), ("0.0.0.0/0", "https://a.example/", false), ("", "https://a.example/", false),
        ])
    func exceptions(list: String, url: String, isDirect: Bool) {
        #expect((self.proxies(["HTTPS_PROXY": "http://p:1", "NO_PROXY": list]).proxy(for: url) == nil) == isDirect)

    }

    @Test("the system's authorities are looked for where Debian, then where Amazon Linux has them")
    func trust() {
        #expect(TrustStore.bundle { $0 == "/etc/pki/tls/certs/ca-bundle.crt" } == "/etc/pki/tls/certs/ca-bundle.crt")
        #expect(TrustStore.bundle { _ in true } == "/etc/ssl/certs/ca-certificates.crt")
        #expect(TrustStore.bundle { _ in false } == nil)
    }
}

@Suite("HTTP client: through a proxy", .timeLimit(.minutes(1)))
struct HTTPProxyTests {
    private func options(_ proxy: String) -> HTTPOptions {
        var options = HTTPOptions()
        options.proxies = HTTPProxies { $0 == "HTTP_PROXY" || $0 == "HTTPS_PROXY" ? proxy : nil }
        return options
    }

    @Test("a plain call is handed to the proxy as a whole URL; calls to this machine go past it")
    func plain() async throws {
        let proxy = try HTTPLoopback { request in .answer(200, [], "proxy: \(request.target)") }
        let near = try HTTPLoopback { _ in .answer(200, [], "near") }
        try await withClient(self.options(proxy.url)) { client, _ in
            for _ in 0..<2 {
                let far = try await client.send(
                    HTTPCall(method: "POST", url: "http://table.example:8000/a?b=1", body: [1]), deadline: .seconds(20))
                #expect(far.body == Array("proxy: http://table.example:8000/a?b=1".utf8))
                let direct = try await client.send(HTTPCall(method: "POST", url: near.url, body: [1]), deadline: .seconds(20))
                #expect(direct.body == Array("near".utf8))
            }
        }
        #expect(proxy.requests.count == 2 && near.requests.count == 2)
        #expect(proxy.connections == 1, "the proxy's connection is kept")
        #expect(proxy.requests.first?["host"] == "table.example:8000")
    }

    @Test("a tunnel that the proxy refuses: no connection, nothing of the request was sent", arguments: [407, 403, 502])
    func refused(status: Int) async throws {
        let proxy = try HTTPLoopback { _ in .answer(status, [], "no", close: true) }
        try await withClient(self.options(proxy.url)) { client, _ in
            let headers = HTTPHeaders([("Authorization", "AWS4-HMAC-SHA256 secret"), ("X-Amz-Security-Token", "secret")])
            let call = HTTPCall(method: "POST", url: "https://table.example/", headers: headers, body: [1, 2, 3], isRepeatable: false)
            let error = try await failure { try await client.send(call, deadline: .seconds(20)) }
            #expect(error.code == .connect)
            #expect(error.message.contains("\(status)"))
            #expect(!error.requestMayHaveBeenSent)
        }
        let request = try #require(proxy.requests.first)
        #expect(request.method == "CONNECT" && request.target == "table.example:443")
        #expect(request["authorization"] == nil && request["x-amz-security-token"] == nil, "signatures are not the proxy's")
    }

    @Test("a proxy that is not there, by its name or its port: nothing was sent")
    func missing() async throws {
        for proxy in ["http://no-such-proxy.invalid:3128", "http://127.0.0.1:\(try freePort())"] {
            try await withClient(self.options(proxy)) { client, _ in
                let error = try await failure {
                    try await client.send(HTTPCall(method: "GET", url: "https://table.example/"), deadline: .seconds(20))
                }
                #expect([.resolve, .connect, .timedOut].contains(error.code))
                #expect(!error.requestMayHaveBeenSent)
            }
        }
    }
}
