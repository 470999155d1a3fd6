import HTTP
import TestSupport
import Testing

/// A certificate authority, a certificate of its for 127.0.0.1 and one for another name, made anew for each use, and servers that show them.
private final class TLSServers: Sendable {
    static let isAvailable = TestEnvironment.expects("openssl")

    private let folder: TemporaryFolder
    let good: Int
    let foreign: Int
    let named: Int
    private let processes: [ChildProcess]

    var authority: String { self.folder.file("ca.pem") }
    var missing: String { self.folder.file("none.pem") }

    init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let made = try await ChildProcess.run(["sh", "-c", Self.script], directory: folder.path)
        guard made.end == .exit(code: 0) else { throw ChildProcess.LaunchError("openssl failed: \(made.output)") }
        var processes: [ChildProcess] = []
        var ports: [Int] = []
        for name in ["good", "foreign", "named"] {
            let port = try freePort()
            let process = try ChildProcess([
                "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", folder.file("\(name).pem"), "-key",
                folder.file("\(name).key"), "-www",
            ])
            let (found, output) = await process.output(containing: "ACCEPT")
            guard found else { throw ChildProcess.LaunchError("openssl s_server did not start: \(output)") }
            process.discardOutput()
            processes.append(process)
            ports.append(port)
        }
        self.processes = processes
        (self.good, self.foreign, self.named) = (ports[0], ports[1], ports[2])
    }

    private static let script = """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem
        make() {
            echo "subjectAltName=$2" > "$1.ext"
            openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
            openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
        }
        make good IP:127.0.0.1
        make foreign DNS:elsewhere.example
        make named DNS:table.example
        """
}

@Suite(
    "HTTP client: TLS", .timeLimit(.minutes(2)), .enabled(if: TLSServers.isAvailable, "the openssl command is not installed"))
struct HTTPTLSTests {
    @Test(
        "a certificate of a trusted authority for this host is accepted; an unknown authority, a foreign name and a missing CA file are not"
    )
    func verification() async throws {
        let servers = try await TLSServers()
        var trusting = HTTPOptions()
        trusting.caBundle = servers.authority
        try await withClient(trusting) { client, _ in
            let answer = try await client.send(HTTPCall(method: "GET", url: "https://127.0.0.1:\(servers.good)/"), deadline: .seconds(20))
            #expect(answer.status == 200)
            #expect(!answer.body.isEmpty)
            let foreign = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "https://127.0.0.1:\(servers.foreign)/"), deadline: .seconds(20))
            }
            #expect(foreign.code == .tls)
            #expect(!foreign.requestMayHaveBeenSent)
        }
        try await withClient { client, _ in
            let unknown = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "https://127.0.0.1:\(servers.good)/"), deadline: .seconds(20))
            }
            #expect(unknown.code == .tls)
            #expect(!unknown.requestMayHaveBeenSent)
        }
        try await self.throughProxy(servers)
        var missing = HTTPOptions()
        missing.caBundle = servers.missing
        try await withClient(missing) { client, _ in
            let error = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "https://127.0.0.1:\(servers.good)/"), deadline: .seconds(20))
            }
            #expect(error.code == .tls)
            #expect(error.message.contains("CA file"))
        }
    }

    /// The name is resolved by the proxy; the certificate is verified here, at the tunnel's end.
    private func throughProxy(_ servers: TLSServers) async throws {
        for (port, isTrusted) in [(servers.named, true), (servers.foreign, false)] {
            let proxy = try TunnelProxy(to: port)
            var options = HTTPOptions()
            options.caBundle = servers.authority
            options.proxies = HTTPProxies { $0 == "https_proxy" ? proxy.url : nil }
            try await withClient(options) { client, _ in
                let call = HTTPCall(
                    method: "GET", url: "https://table.example/", headers: HTTPHeaders([("Authorization", "AWS4-HMAC-SHA256 secret")]))
                if isTrusted {
                    let answer = try await client.send(call, deadline: .seconds(20))
                    #expect(answer.status == 200)
                    #expect(answer.headers["x-proxy"] == nil, "the tunnel's fields are not the answer's")
                } else {
                    let error = try await failure { try await client.send(call, deadline: .seconds(20)) }
                    #expect(error.code == .tls)
                    #expect(!error.requestMayHaveBeenSent)
                }
            }
            let head = try #require(proxy.requests.first)
            #expect(head.hasPrefix("CONNECT table.example:443 HTTP/1.1\r\n"))
            #expect(head.contains("Proxy-Authorization: Basic dXNlcjpwYXNz"))
            #expect(!head.contains("AWS4-HMAC-SHA256"), "signatures are not the proxy's")
        }
    }
}
