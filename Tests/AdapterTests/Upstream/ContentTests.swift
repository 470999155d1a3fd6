import JSON
import SessionStore
import TestSupport
import Testing

@testable import Adapter

@Suite("Answers of an action's own")
struct ContentTests {
    private let envelope = ActionEnvelope(
        actionGroup: "shop", operation: .api(method: "GET", path: "/nfts"), sessionAttributes: ["userId": "ada"],
        promptSessionAttributes: ["a": "b"])

    private func reply(_ content: ActionContent, _ maximum: Int = 25_000, _ large: AdapterConfiguration.LargeAnswers = .cut) throws -> (
        BedrockReply, Int
    ) {
        let (bytes, _) = AnswerEncoder(maximumBytes: maximum, largeAnswers: large).encode(ActionAnswer(content: content), to: self.envelope)
        return (try BedrockReply(bytes), bytes.count)
    }

    @Test("a list that is too long keeps its first elements, whole, and stays JSON with a note; attributes stay")
    func longList() throws {
        let items: [JSONValue] = (0..<2000).map { ["id": .number(String($0)), "name": .string("Ape \"\($0)\" äöü 🦍")] }
        let (reply, size) = try self.reply(ActionContent(json: .array(items)))
        #expect(size <= 25_000 && size > 23_000)
        let body = try #require(reply.body)
        let kept = try #require(body["data"]?.elements)
        #expect(kept.count > 100 && kept.dropLast() == items.prefix(kept.count - 1) && body["note"]?.string?.contains("Cut here") == true)
        #expect(reply.answer["sessionAttributes"] == ["userId": "ada"] && reply.answer["promptSessionAttributes"] == ["a": "b"])
    }

    @Test("an object keeps the small members behind a large one")
    func largeMember() throws {
        let items: [JSONValue] = (0..<3000).map { .string("item \($0)") }
        let (reply, _) = try self.reply(ActionContent(json: ["items": .array(items), "total": 3000, "next": "page-2"]))
        let data = try #require(reply.body?["data"])
        #expect(data["total"] == 3000 && data["next"] == "page-2" && (data["items"]?.elements?.count ?? 0) > 1000)
    }

    @Test("text is cut between characters, whatever they are made of", arguments: ["a", "ä", "\"", "\\", "👩‍👩‍👧‍👦", "\n"])
    func longText(character: String) throws {
        let text = String(repeating: character, count: 30_000)
        let (reply, size) = try self.reply(ActionContent(text: text))
        #expect(size <= 25_000 && size > 24_000)
        let kept = try #require(reply.bodyText.components(before: "\n[Cut here"))
        #expect(text.hasPrefix(kept) && kept.count * character.utf8.count == kept.utf8.count && kept.count > 100)
    }

    @Test("by configuration such an answer is refused, and the model told to ask for less")
    func refused() throws {
        let (reply, _) = try self.reply(ActionContent(text: String(repeating: "a", count: 30_000)), 25_000, .refuse)
        #expect(reply.code == 413 && reply.status == "too_large" && reply.message.contains("Ask for less"))
        #expect(try self.reply(ActionContent(text: "short"), 25_000, .refuse).0.bodyText == "short")
    }

    @Test("whatever the body, the answer is within the limit, and JSON stays JSON")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 25)
        for _ in 0..<300 {
            let content = Self.value(depth: 0, &generator)
            let maximum = Int.random(in: 16_384...25_000, using: &generator)
            let (reply, size) = try self.reply(ActionContent(json: content), maximum)
            #expect(size <= maximum)
            #expect(reply.body != nil)
        }
    }

    private static func value(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 6 : 3), using: &generator) {
        case 0: return .number(String(Int.random(in: 0...1_000_000, using: &generator)))
        case 1:
            return .string(
                String(
                    repeating: ["\"", "a", "ä", "\\", "🦍"].randomElement(using: &generator) ?? "",
                    count: Int.random(in: 0...4000, using: &generator)))
        case 2: return .bool(true)
        case 3, 4: return .array((0..<Int.random(in: 0...9, using: &generator)).map { _ in Self.value(depth: depth + 1, &generator) })
        default:
            return .object(
                (0..<Int.random(in: 0...9, using: &generator)).map { JSONValue.Member("m\($0)", Self.value(depth: depth + 1, &generator)) })
        }
    }

    @Test("bytes are counted as they are in an answer")
    func sizes() {
        let tree: JSONValue = ["a\"\n": ["\\x\u{1}ä\t", .number("1.5"), true, nil, false, [], [:], ["b": []]], "c": "\r"]
        func size(_ text: String) -> Int { JSONValue.string(text).encoded.count - 2 }
        #expect(QuotedSize.of(json: tree) == size(String(decoding: tree.encoded, as: UTF8.self)))
        #expect(QuotedSize.of(text: "a\"\n\u{1}ä\\") == size("a\"\n\u{1}ä\\"))
    }

    @Test("what a model would see and a person would not is left out")
    func invisible() {
        let hidden = "pay\u{e0049}\u{e0067}\u{202e}\u{200b}\u{feff}\u{0}\u{1b}[31m now\u{85}\u{2028}"
        #expect(SafeText.cleaned(hidden) == "pay[31m now")
        #expect(SafeText.cleaned("tab\tline\nä 👩‍👧 नमस्ते") == "tab\tline\nä 👩‍👧 नमस्ते")
        #expect(SafeText.cleaned(JSONValue.object([JSONValue.Member("k\u{200b}", ["v\u{7f}"])])) == ["k": ["v"]])
        #expect(SafeText.cleaned("äöü", maximumBytes: 5) == "ä…" && SafeText.cleaned("abc", maximumBytes: 3) == "abc")
    }

    @Test("bodies by their type: JSON as JSON, text as text, anything else is not shown")
    func types() {
        func content(_ type: String?, _ body: [UInt8]) -> ActionContent? {
            ActionContent(UpstreamAnswer(status: 200, contentType: type, body: body))
        }
        #expect(content("application/json", Array(#"{ "a" : 1.50 }"#.utf8))?.text == #"{"a":1.50}"#)
        #expect(content("application/hal+json; charset=utf-8", Array("[]".utf8))?.contentType == "application/json")
        #expect(content("application/json", Array("{broken".utf8)) == ActionContent(text: "{broken"))
        #expect(
            content(nil, Array("{}".utf8))?.contentType == "application/json" && content(nil, Array("hi".utf8)) == ActionContent(text: "hi")
        )
        #expect(content("text/html", [0x68, 0xff, 0x69]) == ActionContent(text: "h\u{fffd}i"))
        #expect(content("image/png", [0x89, 0x50]) == nil && content(nil, [0xff, 0xfe]) == nil)
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(content("application/json", Array(deep.utf8)) == ActionContent(text: deep))
    }

    @Test("what is stored comes back as data: bounded, without control characters")
    func fields() throws {
        let answer = ActionAnswer(.known, "Here.", fields: [.init("note", "a\u{7}\u{202e}b" + String(repeating: "c", count: 10_000))])
        let reply = try BedrockReply(AnswerEncoder(maximumBytes: 25_000).encode(answer, to: self.envelope).bytes)
        let note = try #require(reply.body?["note"]?.string)
        #expect(note.hasPrefix("abccc") && note.utf8.count <= 4096 && note.hasSuffix("…"))
    }
}

extension String {
    /// What stands before the first occurrence of a text.
    fileprivate func components(before text: String) -> String? {
        self.firstRange(of: text).map { String(self[..<$0.lowerBound]) }
    }
}
