import JSON
import Testing

@Suite("Reading JSON")
struct JSONDocumentTests {
    private func code(_ text: String, maximumDepth: Int = JSONDocument.maximumDepth) -> JSONError.Code? {
        self.code(Array(text.utf8), maximumDepth: maximumDepth)
    }

    private func code(_ bytes: [UInt8], maximumDepth: Int = JSONDocument.maximumDepth) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes, maximumDepth: maximumDepth)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("every kind of value is read")
    func kinds() throws {
        let text = #"{"s":"ä😀\n","i":-9223372036854775808,"d":1.5,"t":true,"f":false,"n":null,"a":[1,[2],{}],"o":{"x":{"y":7}}}"#
        let document = try JSONDocument(parsing: Array(text.utf8))
        document.withRoot { root in
            #expect(root.kind == .object)
            #expect(root.count == 8)
            #expect(root["s"]?.string == "ä😀\n")
            #expect(root["i"]?.integer == .min)
            #expect(root["d"]?.double == 1.5)
            #expect(root["d"]?.integer == nil)
            #expect(root["t"]?.bool == true)
            #expect(root["f"]?.bool == false)
            #expect(root["n"]?.isNull == true)
            #expect(root["a"]?.elements.map(\.kind) == [.integer, .array, .object])
            #expect(root["o"]?["x"]?["y"]?.integer == 7)
            #expect(root.members.map(\.name) == ["s", "i", "d", "t", "f", "n", "a", "o"])
        }
    }

    @Test("asking a value for what it is not answers nil")
    func mismatches() throws {
        try JSONDocument(parsing: Array(#"["x"]"#.utf8)).withRoot { root in
            #expect(root["a"] == nil)
            #expect(root.string == nil)
            #expect(root.bool == nil)
            #expect(root.integer == nil)
            #expect(root.double == nil)
            #expect(root[1] == nil)
            #expect(root[-1] == nil)
            #expect(root.members.map(\.name).isEmpty)
            #expect(root[0]?["a"] == nil)
            #expect(root[0]?.elements.map(\.kind).isEmpty == true)
        }
    }

    @Test("any value may be the root")
    func roots() throws {
        for text in ["1", "\"x\"", "null", "true", " [] ", "{}"] { #expect(self.code(text) == nil) }
    }

    @Test("a zero character in a string is kept, and a name that contains one is not found")
    func zeroCharacters() throws {
        try JSONDocument(parsing: Array(#"{"a":"x\u0000y"}"#.utf8)).withRoot { root in
            #expect(root["a"]?.string == "x\u{0}y")
            #expect(root["a"]?.withUTF8 { $0.count } == 3)
            #expect(root["a\u{0}b"] == nil)
        }
        #expect(self.code(#"{"a\u0000b":1}"#) == .zeroInKey)
    }

    @Test(
        "broken input has an error of its own kind",
        arguments: [
            ("", JSONError.Code.truncated), ("{", .truncated), (#"{"a":"#, .truncated), (#"{"a":1"#, .truncated), ("[1,", .truncated),
            (#""abc"#, .truncated),
            ("{} x", .trailingBytes), ("[1] [2]", .trailingBytes), ("1 2", .trailingBytes),
            (#"{"a":1,"a":2}"#, .duplicateKey), ("{a:1}", .syntax), ("[1,]", .syntax), ("nul", .syntax), ("[01]", .syntax),
            ("'x'", .syntax),
            (#""\ud800""#, .syntax), (#""\x""#, .syntax), ("NaN", .syntax), ("Infinity", .syntax),
        ])
    func broken(text: String, expected: JSONError.Code) {
        #expect(self.code(text) == expected)
    }

    @Test(
        "what is not UTF-8 is refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(self.code([0x22] + bytes + [0x22]) == .invalidUTF8)
        #expect(self.code(bytes) != nil)
    }

    @Test("a control character in a string is refused")
    func controlCharacters() {
        #expect(self.code("\"a\u{1}b\"") == .syntax)
    }

    @Test("nesting beyond the limit is refused before it is parsed, brackets in strings do not count")
    func depth() {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(self.code(deep(128)) == nil)
        #expect(self.code(deep(129)) == .tooDeep)
        #expect(self.code(String(repeating: "[", count: 1_000_000)) == .tooDeep)
        #expect(self.code(String(repeating: #"{"a":"#, count: 200_000)) == .tooDeep)
        #expect(self.code(#"["[[[[\"[[[[", "]"]"#, maximumDepth: 1) == nil)
        #expect(self.code(#"[["x"]]"#, maximumDepth: 1) == .tooDeep)
        #expect(self.code(deep(1500), maximumDepth: 2000) == nil)
        #expect(self.code(deep(3000), maximumDepth: 4000) == .tooDeep)
    }

    @Test("a truncated document is an error at every length")
    func truncation() {
        let text = Array(#"{"Item":{"data":{"M":{"wallet_address":{"S":"0xä\u0041"},"n":{"N":"-1.5e3"}}},"l":[1,2.5,true,null]}}"#.utf8)
        for length in 0..<text.count { #expect(self.code(Array(text[..<length])) != nil, "\(length)") }
        #expect(self.code(text) == nil)
    }

    @Test("names and numbers are told by their bytes, with escapes as without")
    func bytes() throws {
        let text =
            #"["S","NULL","\u004eS","12345678","123456789","","-12","007","999999999999999999","1000000000000000000","-999999999999999999","-",5]"#
        try JSONDocument(parsing: Array(text.utf8)).withRoot { root in
            #expect(root.elements.prefix(6).map(\.code) == [0x53, 0x4e55_4c4c, 0x4e53, 0x3132_3334_3536_3738, 0, 0])
            #expect(root[0]?.isPlain("S") == true && root[0]?.isPlain("N") == false && root[2]?.isPlain("NS") == false)
            let spelled: [Int64?] = [
                nil, nil, nil, 12_345_678, 123_456_789, nil, -12, 7, 999_999_999_999_999_999, nil, -999_999_999_999_999_999, nil, nil,
            ]
            #expect(root.elements.map(\.spelledInteger) == spelled)
            #expect(root[12]?.code == 0)
        }
    }

    @Test("numbers keep their digits")
    func digits() throws {
        let texts = [
            "-0", "1.50", "1E5", "12345678901234567890123456789012345678", "0.1234567890123456789012345678901234567", "1e999", "-1e-999",
        ]
        try JSONDocument(parsing: Array("[\(texts.joined(separator: ","))]".utf8)).withRoot { root in
            #expect(root.elements.map { $0.number ?? "" } == texts)
            #expect(root[0]?.integer == 0)
            #expect(root[1]?.integer == nil)
            #expect(root[2]?.integer == 100_000)
            #expect(root[3]?.integer == nil)
            #expect(root[5]?.double == nil)
            #expect(root[6]?.double == 0)
        }
    }

    @Test("whole numbers are found however they are written, and never by rounding")
    func wholeNumbers() throws {
        let cases: [(String, Int64?)] = [
            ("12.000", 12), ("1.20e1", 12), ("1200e-2", 12), ("0.0012e4", 12), ("-1.5e1", -15), ("0e99999999999999999999", 0), ("0.000", 0),
            ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("1.5", nil), ("1e-1", nil), ("1.00000000000000000000001", nil),
            ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807", .max), ("9223372036854775808", nil),
            ("-9223372036854775808", .min), ("-9223372036854775809", nil), ("-922337203685477580.8e1", .min),
            ("1e99999999999999999999", nil),
            ("1e-99999999999999999999", nil),
        ]
        for (text, expected) in cases {
            try JSONDocument(parsing: Array(text.utf8)).withRoot { #expect($0.integer == expected, "\(text)") }
        }
    }

    @Test("integers are exact within 64 bits, and a larger one is never rounded silently")
    func integers() throws {
        try JSONDocument(parsing: Array("[9223372036854775807,9007199254740993]".utf8)).withRoot { root in
            #expect(root[0]?.integer == .max)
            #expect(root[1]?.integer == 9_007_199_254_740_993)
        }
        #expect(try JSONValue(parsing: Array("[9223372036854775808]".utf8)) == [.number("9223372036854775808")])
        try JSONDocument(parsing: Array("[9223372036854775808,9007199254740993,12]".utf8)).withRoot { root in
            #expect(root[0]?.integer == nil)
            #expect(root[0]?.double == 9_223_372_036_854_775_808)
            #expect(root[2]?.integer == 12)
        }
    }

    @Test("an error says where, and nothing of the text")
    func errors() {
        let text = #"{"wallet":"secret" "x"}"#
        #expect {
            _ = try JSONDocument(parsing: Array(text.utf8))
        } throws: { error in
            (error as? JSONError)?.position == 19 && !String(describing: error).contains("secret")
        }
    }
}
