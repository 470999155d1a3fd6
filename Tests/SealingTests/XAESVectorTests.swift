import COpenSSL
import Testing

@testable import Sealing

/// Known answers of C2SP's "XAES-256-GCM" (https://c2sp.org/XAES-256-GCM).
@Suite("XAES-256-GCM as C2SP specifies it")
struct XAESVectorTests {
    private static func ring(_ key: [UInt8]) throws -> KeyRing {
        try KeyRing("k:" + key.withUnsafeBytes { Base64.encode($0) })
    }

    private static func bench(_ key: [UInt8], nonce: [UInt8]) throws -> Workbench {
        try Workbench(ring(key), aes: Cipher("AES-256-ECB"), gcm: Cipher("AES-256-GCM"), nonces: .fixed(nonce))
    }

    /// Nonce, text, tag; without a prefix, so that `additional` is all that is authenticated beside the text.
    private static func seal(_ bench: Workbench, _ text: [UInt8], _ additional: [UInt8]) -> [UInt8]? {
        var message = [UInt8](repeating: 0, count: text.count + Workbench.overhead)
        let done = text.withUnsafeBufferPointer { text in
            message.withUnsafeMutableBufferPointer {
                bench.seal(text, key: 0, into: $0, prefix: 0, Purpose(place: additional, name: ""))
            }
        }
        return done ? message : nil
    }

    private static func open(_ bench: Workbench, _ message: [UInt8], _ additional: [UInt8]) -> [UInt8]? {
        var room = [UInt8](repeating: 0, count: message.count)
        let done = message.withUnsafeBufferPointer { message in
            room.withUnsafeMutableBufferPointer {
                bench.open(message, key: 0, into: $0.baseAddress!, prefix: 0, Purpose(place: additional, name: ""))
            }
        }
        return done ? Array(room.prefix(message.count - Workbench.overhead)) : nil
    }

    @Test(
        "the two published messages",
        arguments: [
            (0x01, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
            (0x03, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
        ] as [(UInt8, String, String)])
    func published(key: UInt8, additional: String, expected: String) throws {
        let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
        let bench = try Self.bench([UInt8](repeating: key, count: 32), nonce: nonce)
        let message = try #require(Self.seal(bench, Array("XAES-256-GCM".utf8), Array(additional.utf8)))
        #expect(Array(message.prefix(24)) == nonce)
        #expect(hexadecimal(message.dropFirst(24)) == expected)
        #expect(Self.open(bench, message, Array(additional.utf8)) == Array("XAES-256-GCM".utf8))
        #expect(Self.open(bench, message, Array("other".utf8)) == nil)
    }

    @Test(
        "the derived keys of both",
        arguments: [
            (0x01, "c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b"),
            (0x03, "e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8"),
        ] as [(UInt8, String)])
    func derivedKeys(key: UInt8, expected: String) throws {
        let ring = try Self.ring([UInt8](repeating: key, count: 32))
        let schedule = try KeySchedule(Cipher("AES-256-ECB"), key: ring.keys[0])
        var derived = [UInt8](repeating: 0, count: 32)
        let done = Array("ABCDEFGHIJKL".utf8).withUnsafeBytes { nonce in
            derived.withUnsafeMutableBufferPointer { schedule.derive(nonce: nonce.baseAddress!, into: $0.baseAddress!) }
        }
        #expect(done)
        #expect(hexadecimal(derived) == expected)
    }

    @Test("ten thousand random messages come to the published digest")
    func accumulated() throws {
        // Key, nonce, text and additional data come from SHAKE128 of nothing; a second SHAKE128 takes what was sealed.
        let stream = try #require(shake128([], count: 10_000 * (32 + 24 + 2 + 2 * 255)))
        var rest = stream[...]
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        var sealed: [UInt8] = []
        for _ in 0..<10_000 {
            let (key, nonce) = (take(32), take(24))
            let text = take(Int(take(1)[0]))
            let additional = take(Int(take(1)[0]))
            let bench = try Self.bench(key, nonce: nonce)
            let message = try #require(Self.seal(bench, text, additional))
            #expect(Self.open(bench, message, additional) == text)
            sealed += message.dropFirst(24)
        }
        let digest = try #require(shake128(sealed, count: 32))
        #expect(hexadecimal(digest) == "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939")
    }

    private func shake128(_ bytes: [UInt8], count: Int) -> [UInt8]? {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: count)
        guard EVP_DigestInit_ex(context, EVP_shake128(), nil) == 1, EVP_DigestUpdate(context, bytes, bytes.count) == 1,
            EVP_DigestFinalXOF(context, &output, count) == 1
        else { return nil }
        return output
    }
}

/// Two small digits for each byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
