import Testing

@testable import Sealing

@Suite("Digests for logs")
struct LogDigestTests {
    private static let zeros = "a:" + String(repeating: "A", count: 43) + "="

    /// Known answers: `printf 'session\0s-1' | openssl dgst -sha256 -hmac 0123456789abcdef`, its first 64 bits modulo 10^8.
    @Test("eight digits of HMAC-SHA-256, the same for the same id and key")
    func known() throws {
        let digest = try LogDigest(key: "0123456789abcdef")
        #expect(digest.digest(session: "s-1") == "03902520")
        #expect(digest.digest(user: "ada") == "56116740")
        #expect(try LogDigest(key: "0123456789abcdef").digest(session: "s-1") == digest.digest(session: "s-1"))
        for number in 0..<1000 { #expect(digest.digest(session: "s-\(number)")?.wholeMatch(of: /[0-9]{8}/) != nil) }
    }

    @Test("another key, another id, and a user of a session's name have other digests")
    func apart() throws {
        let (one, other) = (try LogDigest(key: "0123456789abcdef"), try LogDigest(key: "0123456789abcdeg"))
        #expect(one.digest(session: "s-1") != other.digest(session: "s-1"))
        #expect(one.digest(session: "s-1") != one.digest(session: "s-2"))
        #expect(one.digest(session: "s-1") != one.digest(user: "s-1"))
    }

    @Test("from a seal key: of the first one alone, whatever it is called")
    func derived() throws {
        let ring = try KeyRing(Self.zeros)
        let digest = try LogDigest(derivedFrom: ring).digest(session: "s-1")
        #expect(digest == "72706392")
        let more = try KeyRing("b:" + String(repeating: "A", count: 43) + "=,c:" + String(repeating: "B", count: 42) + "A=")
        #expect(try LogDigest(derivedFrom: more).digest(session: "s-1") == digest)
    }

    @Test("a short key is refused, and no key is printed")
    func secret() throws {
        #expect(throws: SealingError.self) { try LogDigest(key: "0123456789abcde") }
        let digest = try LogDigest(key: "0123456789abcdef")
        var dumped = ""
        dump(digest, to: &dumped)
        #expect(!dumped.contains("0123456789") && !"\(digest)".contains("0123456789"))
    }
}
