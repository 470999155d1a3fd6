import Glibc
import TestSupport
import Testing

@testable import HTTP

/// Hosts that move to another address.
@Suite("HTTP client: names and their addresses", .timeLimit(.minutes(1)))
struct NameTests {
    /// Two servers with the same port, at 127.0.0.1 and at 127.0.0.2. The answer to `/slow` takes longer than an age of a second: libcurl counts in seconds.
    private static func servers() throws -> (old: HTTPLoopback, new: HTTPLoopback) {
        while true {
            let old = try HTTPLoopback { request in
                if request.target == "/slow" { usleep(2_200_000) }
                return .answer(200, [], "old")
            }
            // Somebody else may have that port there.
            if let new = try? HTTPLoopback(host: 2, port: old.port, { _ in .answer(200, [], "new") }) { return (old, new) }
        }
    }

    private static func answer(_ client: HTTPClient, _ url: String) async throws -> String {
        String(decoding: try await client.send(HTTPCall(method: "GET", url: url), deadline: .seconds(40)).body, as: UTF8.self)
    }

    @Test("a name whose address changes is followed when its connections and what is known of it have their age, and not before")
    func moved() async throws {
        for (age, life, expected) in [
            (Duration.seconds(1), Duration.seconds(1), "new"), (.seconds(300), .seconds(1), "old"), (.seconds(1), .seconds(300), "old"),
        ] {
            let (old, new) = try Self.servers()
            let name = "moved-\(age.components.seconds)-\(life.components.seconds).test"
            NameTable.set(name, "127.0.0.1")
            var options = HTTPOptions()
            (options.maxAge, options.nameLife) = (age, life)
            try await withClient(options) { client, _ in
                let first = try await Self.answer(client, "http://\(name):\(old.port)/slow")
                #expect(first == "old")
                NameTable.set(name, "127.0.0.2")
                let second = try await Self.answer(client, "http://\(name):\(old.port)/")
                #expect(second == expected)
            }
            #expect(NameTable.lookups(of: name) == (expected == "new" ? 2 : 1))
            #expect(old.connections + new.connections == (age == .seconds(300) ? 1 : 2))
        }
    }

    @Test("the ages are a few minutes together: a host that moves is found again without a restart")
    func ages() {
        let options = HTTPOptions()
        #expect(options.maxAge > .zero && options.nameLife > .zero && options.maxAge + options.nameLife <= .seconds(360))
    }

    @Test("a name whose host does not answer any more is looked up anew at once, however long its address was to be used")
    func dead() async throws {
        let closed = try freePort()
        NameTable.set("dead.test", "127.0.0.1")
        var options = HTTPOptions()
        options.nameLife = .seconds(300)
        try await withClient(options) { client, _ in
            let error = try await failure {
                try await client.send(HTTPCall(method: "GET", url: "http://dead.test:\(closed)/"), deadline: .seconds(40))
            }
            #expect(error.code == .connect && !error.requestMayHaveBeenSent)
            NameTable.set("dead.test", "127.0.0.2")
            let moved = try HTTPLoopback(host: 2, port: closed) { _ in .answer(200, [], "moved") }
            for _ in 0..<3 {
                let answer = try await Self.answer(client, "http://dead.test:\(closed)/")
                #expect(answer == "moved")
            }
            #expect(moved.connections == 1)
        }
        #expect(NameTable.lookups(of: "dead.test") == 2)
    }
}
