import JSON
import SessionStore
import Testing

@testable import bedrock_sessions

@Suite("Exact numbers")
struct ExactNumberTests {
    @Test("numbers that a Double would round are refused", arguments: ["12345678901234567890", "[0.1234567890123456789]", #"{"a":1e400}"#])
    func rounded(_ text: String) {
        #expect(throws: SessionStoreError.self) { try ExactNumber.parse(Array(text.utf8)) }
    }

    @Test(
        "others pass, and digits in texts do not count",
        arguments: ["9223372036854775807", "[-0.5,1e10]", #"["12345678901234567890\"1"]"#, "0"])
    func exact(_ text: String) throws {
        _ = try ExactNumber.parse(Array(text.utf8))
    }

    @Test("every value comes back from JSON as it went")
    func values() throws {
        let values: [SessionValue] = [
            .string(""), .string("$number"), .number("12345678901234567890.5"), .number("-1"), .binary([0, 255]), .bool(false), .null,
            .list([.map(["a": .null]), .list([])]), .map([:]), .stringSet(["b", "a"]), .numberSet(["1", "2.5"]), .binarySet([[1], [2]]),
        ]
        for value in values { #expect(try SessionValue(json: ExactNumber.parse(value.json.encoded)) == value) }
    }

    @Test(
        "a tag with something else than it promises is refused",
        arguments: [
            #"{"$number":1}"#, #"{"$binary":"!"}"#, #"{"$stringSet":"a"}"#, #"{"$numberSet":[1]}"#, #"{"$binarySet":["?"]}"#,
        ])
    func tags(_ text: String) {
        #expect(throws: SessionStoreError.self) { try SessionValue(json: ExactNumber.parse(Array(text.utf8))) }
    }
}
