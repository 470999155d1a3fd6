import Testing

@testable import Sealing

@Suite("seal keys")
struct KeyRingTests {
    private static let zeros = String(repeating: "A", count: 43)
    private static let ones = String(repeating: "A", count: 42) + "E"

    private func problem(_ text: String) -> String? {
        do {
            _ = try KeyRing(text)
            return nil
        } catch {
            return error.problem
        }
    }

    @Test("commas and line ends separate keys, blanks around them and empty ones do not count")
    func separators() throws {
        let texts = [
            "a:\(Self.zeros)=,b:\(Self.ones)=", "a:\(Self.zeros),b:\(Self.ones)", " a:\(Self.zeros)= , b:\(Self.ones)=\n",
            "a:\(Self.zeros)=\r\nb:\(Self.ones)=\r\n\n", ",a:\(Self.zeros),,b:\(Self.ones),",
        ]
        let ring = try KeyRing(texts[0])
        #expect(ring.keys.map { String(decoding: $0.id, as: UTF8.self) } == ["a", "b"])
        for text in texts { #expect(try KeyRing(text) == ring) }
        #expect(try KeyRing("b:\(Self.ones),a:\(Self.zeros)") != ring)
        #expect(try KeyRing("a:\(Self.zeros),b:\(Self.ones)").hashValue == ring.hashValue)
    }

    @Test("a fresh key is a line that can be read, another one each time")
    func fresh() throws {
        let lines = try (0..<20).map { _ in try SealKey.freshLine(id: "k-2026.11_A") }
        #expect(Set(lines).count == 20)
        for line in lines {
            #expect(line.wholeMatch(of: /k-2026\.11_A:[A-Za-z0-9+\/]{43}=/) != nil)
            #expect(throws: Never.self) { try KeyRing(line) }
        }
        for id in ["", "a b", "a:b", "a,b", "ä", String(repeating: "x", count: 33)] {
            #expect(throws: SealingError.self) { try SealKey.freshLine(id: id) }
        }
    }

    @Test("base64 is exact, both ways", arguments: 0..<50)
    func base64(round: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = bytes.withUnsafeBytes { Base64.encode($0) }
        let ring = try KeyRing("k:\(text)")
        #expect(ring.keys[0].withBytes { Array($0) } == bytes)
    }

    @Test(
        "a slip is named without showing the text",
        arguments: [
            ("", "no key"), (" , \n", "no key"), ("s3cret", "no colon"), (":\(zeros)", "kid"), ("a b:\(zeros)", "kid"),
            ("\(zeros):kid", "kid"), ("a:s3cret", "32 bytes"), ("a:\(zeros)A=", "32 bytes"), ("a:\(zeros)==", "32 bytes"),
            ("a:\(zeros.dropLast())B=", "32 bytes"), ("a:\(zeros.dropLast())-", "32 bytes"), ("a:\(zeros)=\u{0}", "32 bytes"),
            ("a:\(zeros),a:\(ones)", "taken"), ("a:\(zeros),b:\(zeros)", "another kid"), ("none", "no colon"),
            ("äöü:\(zeros)", "kid"), ("a:é\(zeros.dropLast(2))", "32 bytes"),
        ])
    func slips(text: String, part: String) throws {
        let problem = try #require(self.problem(text))
        #expect(problem.contains(part))
        #expect(!problem.contains("s3cret") && !problem.contains("AAAA"))
    }

    @Test("every slip is named at once, with the key's place; too many keys are refused")
    func several() throws {
        let problem = try #require(self.problem("a:\(Self.zeros),b,c:x"))
        #expect(problem.contains("key 2") && problem.contains("key 3") && !problem.contains("key 1"))
        let lines = try (0..<17).map { try SealKey.freshLine(id: "k\($0)") }
        #expect(self.problem(lines.joined(separator: "\n"))?.contains("more than 16") == true)
        #expect(self.problem(lines.dropLast().joined(separator: "\n")) == nil)
    }

    @Test("nothing prints a key")
    func printing() throws {
        let ring = try KeyRing("a:\(Self.ones)")
        var dumped = ""
        dump(ring, to: &dumped)
        for text in ["\(ring)", String(reflecting: ring), "\(ring.keys[0])", String(reflecting: ring.keys[0]), dumped] {
            #expect(!text.contains("AAAA") && !text.contains("secret") && !text.contains("0, 0, 0"))
        }
    }
}
