import Foundation
import HTTP
import TestSupport
import Testing

/// A certificate authority, a certificate of its for 127.0.0.1 and one for another name, made anew for each use, and servers that show them.
private final class TLSServers: Sendable {
    static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") || getenv("CI") != nil

    let folder: String
    let good: Int
    let foreign: Int
    private let processes: [ChildProcess]

    var authority: String { self.folder + "/ca.pem" }

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bedrock-sessions-tls-\(UInt64.random(in: 0 ... .max))")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.folder = folder
        let maker = try ChildProcess(["sh", "-c", Self.script, "sh", folder])
        let made = maker.waitForLine(containing: "certificates are made")
        maker.end()
        guard made.found else { throw ChildProcess.LaunchError("openssl failed: \(made.output)") }
        var processes: [ChildProcess] = []
        var ports: [Int] = []
        for name in ["good", "foreign"] {
            let port = try freePort()
            let process = try ChildProcess([
                "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "\(folder)/\(name).pem", "-key", "\(folder)/\(name).key",
                "-www",
            ])
            guard process.waitForLine(containing: "ACCEPT").found else { throw ChildProcess.LaunchError("openssl s_server does not start") }
            process.discardOutput()
            processes.append(process)
            ports.append(port)
        }
        self.processes = processes
        (self.good, self.foreign) = (ports[0], ports[1])
    }

    deinit {
        for process in self.processes { process.end() }
        try? FileManager.default.removeItem(atPath: self.folder)
    }

    private static let script = """
        set -e
        cd "$1"
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem
        make() {
            echo "subjectAltName=$2" > "$1.ext"
            openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
            openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
        }
        make good IP:127.0.0.1
        make foreign DNS:elsewhere.example
        echo "certificates are made"
        """
}

@Suite(
    "HTTP client: TLS", .timeLimit(.minutes(1)), .enabled(if: TLSServers.isAvailable, "the openssl command is not installed"))
struct HTTPTLSTests {
    @Test(
        "a certificate of a trusted authority for this host is accepted; an unknown authority, a foreign name and a missing CA file are not"
    )
    func verification() async throws {
        let servers = try TLSServers()
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
        var missing = HTTPOptions()
        missing.caBundle = servers.folder + "/none.pem"
        try await withClient(missing) { client, _ in
            let error = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "https://127.0.0.1:\(servers.good)/"), deadline: .seconds(20))
            }
            #expect(error.code == .tls)
            #expect(error.message.contains("CA file"))
        }
    }
}
