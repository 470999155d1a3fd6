import Glibc
import TestSupport
import Testing

@testable import HTTP

@Suite("HTTP client: addresses that are not connected to", .timeLimit(.minutes(1)))
struct AddressRuleTests {
    private static func bytes(_ text: String) -> [UInt8] {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return []
    }

    private static let local = [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.170.2", "169.254.0.1", "::1", "::", "fe80::1",
        "febf::1", "fd00:ec2::254",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "224.0.0.1", "255.255.255.255",
        "ff02::1",
    ]

    @Test("this machine, its link and metadata services are refused, however they are written", arguments: Self.local)
    func refused(address: String) {
        let rule = AddressRule.outside(unless: "api.example.com")
        #expect(!rule.allows(Self.bytes(address)))
    }

    @Test(
        "others are not",
        arguments: [
            "93.184.216.34", "10.0.0.1", "192.168.1.1", "172.16.0.1", "126.255.255.255", "128.0.0.1", "169.253.1.1", "2600::1", "fd12::1",
            "64:ff9b::808:808",
        ])
    func allowed(address: String) {
        #expect(AddressRule.outside(unless: "api.example.com").allows(Self.bytes(address)))
    }

    @Test("the configured host may be such an address itself, and no other; the runtime API's is refused wherever it is")
    func configured() {
        let literal = AddressRule.outside(unless: "127.0.0.1")
        #expect(literal.allows([127, 0, 0, 1]) && !literal.allows([127, 0, 0, 2]) && !literal.allows([169, 254, 169, 254]))
        let name = AddressRule.outside(unless: "LocalHost")
        #expect(name.allows([127, 0, 0, 1]) && name.allows(Self.bytes("::1")) && !name.allows([169, 254, 169, 254]))
        #expect(
            AddressRule.outside(unless: "[::1]").allows(Self.bytes("::1")) && AddressRule.outside(unless: "::1").allows(Self.bytes("::1")))
        let runtime = AddressRule.outside(of: ["10.1.2.3", "not an address"], unless: "api.example.com")
        #expect(!runtime.allows([10, 1, 2, 3]) && !runtime.allows(Self.bytes("::ffff:10.1.2.3")) && runtime.allows([10, 1, 2, 4]))
        #expect(!runtime.allows([]) && !runtime.allows([1, 2, 3]))
    }

    private static func options(_ host: String) -> HTTPOptions {
        var options = HTTPOptions()
        options.addresses = .outside(unless: host)
        return options
    }

    @Test(
        "a name that leads to this machine is not called, and the server there never hears of it",
        arguments: ["127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1"])
    func names(address: String) async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        let name = "leads-\(address.replacing(":", with: "-")).test"
        NameTable.set(name, address)
        try await withClient(Self.options(name)) { client, _ in
            let error = try await failure {
                try await client.send(HTTPCall(method: "POST", url: "http://\(name):\(server.port)/"), deadline: .seconds(20))
            }
            #expect(error.code == .refusedAddress && !error.requestMayHaveBeenSent)
        }
        #expect(server.connections == 0)
    }

    @Test("odd spellings of this machine's address are no configured host", arguments: ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"])
    func spellings(host: String) async throws {
        let server = try HTTPLoopback { _ in .answer(200) }
        try await withClient(Self.options("api.example.com")) { client, _ in
            _ = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "http://\(host):\(server.port)/"), deadline: .seconds(20))
            }
        }
        #expect(server.connections == 0)
    }

    @Test("an address that is the configured host is called, and a name that moves here afterwards is not")
    func rebinding() async throws {
        let server = try HTTPLoopback { _ in .answer(200, [], "", close: true) }
        try await withClient(Self.options("127.0.0.1")) { client, _ in
            let answer = try await client.send(HTTPCall(method: "GET", url: "http://127.0.0.1:\(server.port)/"), deadline: .seconds(20))
            #expect(answer.status == 200)
            NameTable.set("rebound.test", "127.0.0.2")
            let error = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "http://rebound.test:\(server.port)/"), deadline: .seconds(20))
            }
            #expect(error.code == .refusedAddress)
            // The next call is not affected.
            let next = try await client.send(HTTPCall(method: "GET", url: "http://127.0.0.1:\(server.port)/"), deadline: .seconds(20))
            #expect(next.status == 200)
        }
        #expect(server.requests.count == 2)
    }
}
