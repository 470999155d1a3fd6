import JSON
import TestSupport
import Testing

@testable import Adapter

@Suite("Values in their types")
struct ValueParserTests {
    private func parsed(_ text: String, _ type: ActionValueType) -> ActionValue? { try? ValueParser.parse(text, as: type) }

    @Test("numbers keep every digit, in one spelling")
    func numbers() {
        let cases = [
            ("12", "12"), (" 12.50 ", "12.50"), ("-0.1", "-0.1"), ("+7", "7"), ("007", "7"), ("0", "0"), ("1e400", "1e400"),
            ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"), ("-00.5", "-0.5"),
        ]
        for (text, number) in cases { #expect(self.parsed(text, .number) == .number(number), "\(text)") }
        for text in ["", "1,000", "0x10", "NaN", "Infinity", "1.", ".5", "--1", "1 2", "twelve", "1e", String(repeating: "1", count: 300)] {
            #expect(self.parsed(text, .number) == nil, "\(text)")
        }
    }

    @Test("whole numbers are written as whole ones, of any size")
    func integers() {
        #expect(self.parsed("42", .integer) == .number("42") && self.parsed("42.0", .integer) == .number("42"))
        #expect(
            self.parsed("-0", .integer) == .number("0") && self.parsed("99999999999999999999", .integer) == .number("99999999999999999999"))
        for text in ["4.2", "1e3", "many", "true"] { #expect(self.parsed(text, .integer) == nil, "\(text)") }
    }

    @Test("truth values are true and false, in any case")
    func booleans() {
        #expect(self.parsed("True", .boolean) == .boolean(true) && self.parsed(" FALSE ", .boolean) == .boolean(false))
        for text in ["yes", "1", "", "t"] { #expect(self.parsed(text, .boolean) == nil, "\(text)") }
    }

    @Test("lists come as JSON, in brackets, or as one element")
    func arrays() {
        let texts = ActionValueType.array(of: .string)
        let both: ActionValue = .array([.string("a"), .string("b, c")])
        #expect(self.parsed(#"["a", "b, c"]"#, texts) == both && self.parsed(#"[a, "b, c"]"#, texts) == both)
        #expect(self.parsed("[a, b]", texts) == .array([.string("a"), .string("b")]))
        #expect(self.parsed("[]", texts) == .array([]) && self.parsed("solo", texts) == .array([.string("solo")]))
        #expect(self.parsed("[1, 2.0, 3]", .array(of: .integer)) == .array([.number("1"), .number("2"), .number("3")]))
        #expect(self.parsed(#"["1", 2]"#, .array(of: .integer)) == .array([.number("1"), .number("2")]))
        #expect(
            self.parsed("[[1, 2], [3]]", .array(of: .array(of: .number)))
                == .array([.array([.number("1"), .number("2")]), .array([.number("3")])]))
        #expect(self.parsed("a, b", texts) == nil && self.parsed("[a, b", texts) == nil && self.parsed("[a]]", texts) == nil)
    }

    @Test("objects come as JSON or as Java writes them; what is not declared is left out, unless the schema is open")
    func objects() {
        let item = ActionValueType.object(properties: ["id": .integer, "tags": .array(of: .string)], isOpen: false)
        let expected: ActionValue = .object(["id": .number("7"), "tags": .array([.string("a"), .string("b")])])
        #expect(self.parsed(#"{"id": "7", "tags": ["a", "b"], "admin": true}"#, item) == expected)
        #expect(self.parsed("{id=7, tags=[a, b], admin=true}", item) == expected)
        #expect(self.parsed("[{id=7, tags=[a, b]}]", .array(of: item)) == .array([expected]))
        #expect(self.parsed(#"{"x": {"y": [1, null]}}"#, .anyObject) == .object(["x": .object(["y": .array([.number("1"), .null])])]))
        for text in ["", "7", "[1]", "{id}", "{=1}", "{id=1, id=2}", "{id=1", #"{"id": 1"#] {
            #expect(self.parsed(text, item) == nil, "\(text)")
        }
    }

    @Test("what is wrong is said with its place and its wish, never with its text")
    func problems() {
        let item = ActionValueType.array(of: .object(properties: ["price": .number], isOpen: false))
        do throws(ValueParser.Problem) {
            _ = try ValueParser.parse(#"[{"price": 1}, {"price": "<script>"}]"#, as: item)
            Issue.record("a script is no price")
        } catch {
            #expect(error.place == "[1].price" && error.wish == "a number such as 12.5")
        }
    }

    @Test("nested beyond measure is refused, whatever the type", arguments: ["[", "{a=", #"{"a":"#])
    func deep(open: String) {
        let text = String(repeating: open, count: 5000)
        var type = ActionValueType.string
        for _ in 0..<40 { type = open == "[" ? .array(of: type) : .object(properties: ["a": type], isOpen: true) }
        #expect(self.parsed(text, type) == nil && self.parsed(text, .anyObject) == nil)
    }

    @Test("any text in any type ends in a value or a problem, and a value is one of its type")
    func fuzz() {
        let types: [ActionValueType] = [
            .number, .integer, .boolean, .array(of: .integer), .array(of: .string), .anyObject,
            .object(properties: ["a": .number, "b": .array(of: .boolean)], isOpen: false),
        ]
        var mutator = DocumentMutator(
            [#"[1, "a", {"a": 1.5}]"#, "{a=1, b=[true, false]}", "[a, b]", #"{"a": "1", "b": []}"#, "-12.50e3"], seed: 6)
        for _ in 0..<20_000 {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            for type in types {
                guard let value = self.parsed(text, type) else { continue }
                // What was accepted is accepted again in JSON's spelling, and is the same.
                #expect(self.parsed(value.text, type) == value, "\(text)")
            }
        }
    }
}
