import JSON
import SessionStore
import TestSupport
import Testing

@testable import Dynamo

@Suite("DynamoDB attribute values")
struct AttributeTests {
    private func written(_ value: SessionValue) -> String {
        var writer = JSONWriter()
        writer.attribute(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func read(_ text: String) throws -> SessionValue {
        try JSONDocument(parsing: Array(text.utf8)).withRoot { try SessionValue(attribute: $0) }
    }

    @Test(
        "each of the ten types is written as the API reference spells it, and read back",
        arguments: [
            (SessionValue.string("0xAb \"é\" \u{0}"), #"{"S":"0xAb \"é\" \u0000"}"#),
            (.string(""), #"{"S":""}"#),
            (.number("-12345678901234567890.123456789012345678"), #"{"N":"-12345678901234567890.123456789012345678"}"#),
            (.binary([0, 255, 16, 1]), #"{"B":"AP8QAQ=="}"#),
            (.bool(true), #"{"BOOL":true}"#),
            (.bool(false), #"{"BOOL":false}"#),
            (.null, #"{"NULL":true}"#),
            (.list([.number("1"), .list([]), .null]), #"{"L":[{"N":"1"},{"L":[]},{"NULL":true}]}"#),
            (.map(["a": .map([:])]), #"{"M":{"a":{"M":{}}}}"#),
            (.stringSet(["x"]), #"{"SS":["x"]}"#),
            (.numberSet(["1.50"]), #"{"NS":["1.50"]}"#),
            (.binarySet([[1], []]), nil),
            (.binarySet([[1, 2, 3]]), #"{"BS":["AQID"]}"#),
        ] as [(SessionValue, String?)])
    func types(value: SessionValue, text: String?) throws {
        if let text { #expect(self.written(value) == text) }
        #expect(try self.read(self.written(value)) == value)
    }

    @Test(
        "what is no attribute value has an error of its own kind",
        arguments: [
            (#"{"X":"1"}"#, AttributeProblem.unknownType), (#"{"s":"1"}"#, .unknownType), (#"{}"#, .notAnAttribute),
            (#""x""#, .notAnAttribute),
            ("null", .notAnAttribute), ("[]", .notAnAttribute), (#"{"S":"a","N":"1"}"#, .notAnAttribute),
            (#"{"S":1}"#, .malformed(type: "S")),
            (#"{"S":null}"#, .malformed(type: "S")), (#"{"N":1}"#, .malformed(type: "N")), (#"{"N":"x"}"#, .malformed(type: "N")),
            (#"{"N":""}"#, .malformed(type: "N")), (#"{"B":"A"}"#, .malformed(type: "B")), (#"{"B":1}"#, .malformed(type: "B")),
            (#"{"BOOL":"true"}"#, .malformed(type: "BOOL")), (#"{"NULL":false}"#, .malformed(type: "NULL")),
            (#"{"NULL":null}"#, .malformed(type: "NULL")),
            (#"{"L":{}}"#, .malformed(type: "L")), (#"{"L":[1]}"#, .notAnAttribute), (#"{"M":[]}"#, .malformed(type: "M")),
            (#"{"M":{"a":1}}"#, .notAnAttribute), (#"{"M":{"a":{"Q":1}}}"#, .unknownType), (#"{"SS":[]}"#, .malformed(type: "SS")),
            (#"{"SS":[1]}"#, .malformed(type: "SS")), (#"{"NS":["x"]}"#, .malformed(type: "NS")),
            (#"{"BS":["%"]}"#, .malformed(type: "BS")),
        ])
    func problems(text: String, problem: AttributeProblem) throws {
        #expect(throws: problem) { try self.read(text) }
        #expect(!problem.description.isEmpty)
    }

    @Test("base64 is that of RFC 4648")
    func base64() {
        for (plain, text) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ] {
            var encoded: [UInt8] = []
            Base64.encode(Array(plain.utf8), into: &encoded)
            #expect(encoded == Array(text.utf8))
            #expect(Base64.decode(Array(text.utf8)) == Array(plain.utf8))
        }
        for text in ["Z", "Zg", "Zg=", "Zg=a", "Z===", "====", "=Zg=", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm9-", "Zm9_", "Zg==Zg=="] {
            #expect(Base64.decode(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("base64 brings any bytes back")
    func base64RoundTrip() {
        var random = SeededGenerator(seed: 20)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var text: [UInt8] = []
            Base64.encode(bytes, into: &text)
            #expect(Base64.decode(text) == bytes)
        }
    }
}
