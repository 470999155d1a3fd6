import TestSupport
import Testing

@testable import Redis

struct ReplyDecoderTests {
    private struct OutOfMemory: Error {}

    /// Replies until the parser wants more, and the error if it failed.
    private func decode(
        _ bytes: [UInt8], sliceBytes: Int, limit: Int = 1 << 20, elements: Int = 1 << 20
    ) throws -> (replies: [RedisReply], error: RedisError?) {
        guard let decoder = ReplyDecoder(limits: .init(bytes: limit, elements: elements)) else { throw OutOfMemory() }
        var replies: [RedisReply] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let error = rest.prefix(sliceBytes).withUnsafeBytes { slice -> RedisError? in
                if let error = decoder.feed(slice) { return error }
                while true {
                    switch decoder.next(in: slice) {
                    case .reply(let reply): replies.append(reply)
                    case .needsMore: return nil
                    case .failed(let error): return error
                    }
                }
            }
            if let error { return (replies, error) }
            rest = rest.dropFirst(sliceBytes)
        }
        return (replies, nil)
    }

    private static let wire =
        "+OK\r\n:-12\r\n$-1\r\n$0\r\n\r\n$3\r\n\r\n\0\r\n*-1\r\n*0\r\n*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n-ERR x\r\n-WRONGTYPE y\r\n"
    private static let replies: [RedisReply] = [
        .status("OK"), .integer(-12), .null, .bytes([]), .bytes([13, 10, 0]), .null, .array([]),
        .array([.integer(1), .array([.bytes([97]), .array([])]), .error(RedisServerError(text: "ERR x"))]),
        .error(RedisServerError(text: "WRONGTYPE y")),
    ]

    @Test("every kind of reply is read, however the bytes are cut", arguments: [1, 2, 3, 7, 1000])
    func kinds(sliceBytes: Int) throws {
        let (replies, error) = try self.decode(Array(Self.wire.utf8), sliceBytes: sliceBytes)
        #expect(replies == Self.replies)
        #expect(error == nil)
    }

    @Test("an array holds seven levels of arrays and no more", arguments: [1, 5, 1000])
    func nesting(sliceBytes: Int) throws {
        let deepest = String(repeating: "*1\r\n", count: 8) + ":1\r\n"
        var expected = RedisReply.integer(1)
        for _ in 0..<8 { expected = .array([expected]) }
        #expect(try self.decode(Array(deepest.utf8), sliceBytes: sliceBytes).replies == [expected])
        let (replies, error) = try self.decode(Array(("*1\r\n" + deepest).utf8), sliceBytes: sliceBytes)
        #expect(replies.isEmpty)
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.contains("seven levels") == true)
    }

    @Test(
        "what is no reply is an error, never a crash",
        arguments: [
            "HTTP/1.1 400 Bad Request\r\n\r\n", "\r\n", "$x\r\n", "$-2\r\n", ":1x\r\n", ":\r\n", ":99999999999999999999\r\n", "*-2\r\n",
            "$99999999999999999999\r\n", "%1\r\n", "\u{0}\u{0}\u{0}\r\n",
        ])
    func malformed(text: String) throws {
        let (replies, error) = try self.decode(Array(text.utf8), sliceBytes: 1000)
        #expect(replies.isEmpty)
        #expect(error?.code == .protocolViolation)
    }

    @Test(
        "a length or count above the limit is refused when its line has come, wherever it stands and however it is cut",
        arguments: [
            "$536870912\r\n", "*1000000000\r\n", "*2147483647\r\n:1\r\n", "$2147483647\r\nabc", "*99999999999\r\n",
            "*2\r\n$1\r\na\r\n$536870912\r\n", "*3\r\n:1\r\n*2\r\n*1000000000\r\n", "*600\r\n*600\r\n",
            "+\(String(repeating: "x", count: 3000))", "*2\r\n$1600\r\n\(String(repeating: "x", count: 1600))\r\n$400\r\n",
        ], [1, 7, 1000])
    func announced(text: String, sliceBytes: Int) throws {
        let (replies, error) = try self.decode(Array(text.utf8), sliceBytes: sliceBytes, limit: 2000, elements: 1024)
        #expect(replies.isEmpty)
        #expect(error?.code == .replyTooLarge)
    }

    @Test("a line without an end is not collected for ever", arguments: ["+", "-ERR ", ":", "$", "*"])
    func endlessLines(start: String) throws {
        let endless = Array(start.utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: 70_000)
        let (replies, error) = try self.decode(endless, sliceBytes: 4096)
        #expect(replies.isEmpty)
        #expect(error?.code == .protocolViolation)
    }

    @Test("a reply may take as many bytes as the limit says, and replies in a row any number")
    func limit() throws {
        let exact = "$1990\r\n" + String(repeating: "x", count: 1990) + "\r\n"
        #expect(exact.utf8.count == 1999)
        let (replies, error) = try self.decode(Array(String(repeating: exact, count: 50).utf8), sliceBytes: 1000, limit: 2998)
        #expect(replies.count == 50)
        #expect(error == nil)
        let (none, tooLarge) = try self.decode(Array("$4000\r\n\(String(repeating: "x", count: 4000))".utf8), sliceBytes: 1000, limit: 2998)
        #expect(none.isEmpty)
        #expect(tooLarge?.code == .replyTooLarge)
    }

    @Test("random bytes and broken replies never crash it", arguments: 0..<50 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var bytes = Array(Self.wire.utf8)
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(contentsOf: "*$:+-019\r\n".utf8.shuffled(using: &random).prefix(3), at: index)
                }
            }
            let (replies, error) = try self.decode(bytes, sliceBytes: .random(in: 1...64, using: &random))
            #expect(replies.count <= bytes.count / 3 + 1)
            #expect(error == nil || error?.code == .protocolViolation || error?.code == .replyTooLarge)
            // However they are cut, the same bytes give the same replies, and the same refusal or none.
            let (others, otherError) = try self.decode(bytes, sliceBytes: 1)
            #expect(others == replies)
            #expect(otherError?.message == error?.message)
        }
    }
}
