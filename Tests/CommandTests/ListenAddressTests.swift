import Testing

@testable import bedrock_sessions

@Suite("Listen address")
struct ListenAddressTests {
    @Test("host and port, with brackets around IPv6")
    func parsing() throws {
        #expect(try ListenAddress("127.0.0.1:8080").port == 8080)
        #expect(try ListenAddress("[::1]:1").host == "::1")
        #expect(try ListenAddress("[::1]:1").description == "[::1]:1")
        #expect(try ListenAddress("localhost:0").host == "localhost")
    }

    @Test(
        "anything else is refused",
        arguments: ["", "8080", ":8080", "host:", "host:65536", "host:-1", "::1:80", "[host]:80", "a b:80", "[]:1"])
    func refusing(_ text: String) {
        #expect(throws: CommandFailure.self) { try ListenAddress(text) }
    }

    @Test(
        "names that begin like a loopback address are none",
        arguments: ["127.evil.example:80", "0.0.0.0:80", "[::]:80", "localhost.example:80"])
    func loopback(_ text: String) throws {
        #expect(try !ListenAddress(text).isLoopback)
        #expect(try ListenAddress("127.0.0.2:80").isLoopback)
    }
}
