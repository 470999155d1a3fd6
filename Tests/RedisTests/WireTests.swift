import TestSupport
import Testing

@testable import Redis

struct WireTests {
    private func encoded(_ command: some Command) -> String {
        let output = ByteQueue(capacity: 16)
        command.encode(into: output)
        #expect(output.count <= command.sizeBound)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test("commands are written as arrays of bulk strings")
    func commands() {
        #expect(encoded(GetCommand(key: RedisKey(Array("key".utf8)))) == "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n")
        let inParts = RedisKey(prefix: Array("bs1:".utf8), name: "a long name, café")
        #expect(encoded(GetCommand(key: inParts)) == "*2\r\n$3\r\nGET\r\n$22\r\nbs1:a long name, café\r\n")
        #expect(inParts.bytes == Array("bs1:a long name, café".utf8))
        #expect(encoded(GetCommand(key: RedisKey([]))) == "*2\r\n$3\r\nGET\r\n$0\r\n\r\n")
        #expect(encoded(RawCommand(arguments: [Array("PING".utf8), []])) == "*2\r\n$4\r\nPING\r\n$0\r\n\r\n")
        let plain = SetCommand(key: [65], value: [66], condition: .always, expiry: .none)
        #expect(encoded(plain) == "*3\r\n$3\r\nSET\r\n$1\r\nA\r\n$1\r\nB\r\n")
        let conditional = SetCommand(key: [65], value: [66], condition: .ifAbsent, expiry: .milliseconds(1500))
        #expect(encoded(conditional) == "*6\r\n$3\r\nSET\r\n$1\r\nA\r\n$1\r\nB\r\n$2\r\nNX\r\n$2\r\nPX\r\n$4\r\n1500\r\n")
        let absolute = SetCommand(key: [65], value: [66], condition: .ifPresent, expiry: .atUnixMilliseconds(1_700_000_000_000))
        #expect(encoded(absolute) == "*6\r\n$3\r\nSET\r\n$1\r\nA\r\n$1\r\nB\r\n$2\r\nXX\r\n$4\r\nPXAT\r\n$13\r\n1700000000000\r\n")
        let script = RedisScript("x")
        let bySource = ScriptCommand(script: script, bySource: true, keys: [[65]], arguments: [[66]])
        #expect(encoded(bySource) == "*5\r\n$4\r\nEVAL\r\n$1\r\nx\r\n$1\r\n1\r\n$1\r\nA\r\n$1\r\nB\r\n")
        let byDigest = ScriptCommand(script: script, bySource: false, keys: [], arguments: [])
        #expect(encoded(byDigest) == "*3\r\n$7\r\nEVALSHA\r\n$40\r\n\(script.sha1)\r\n$1\r\n0\r\n")
    }

    @Test("a byte queue keeps order while it grows, is drained in pieces, and shrinks", arguments: 0..<20 as Range<UInt64>)
    func byteQueue(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let queue = ByteQueue(capacity: 16)
        var model: [UInt8] = []
        for step in 0..<300 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: step), count: .random(in: 0..<3000, using: &random))
                queue.append(bytes)
                model += bytes
            case 1:
                let number = Int.random(in: 0...(.max), using: &random) >> Int.random(in: 0..<63, using: &random)
                queue.append(decimal: number)
                model += Array("\(number)".utf8)
            case 2:
                queue.append("literal")
                model += Array("literal".utf8)
            default:
                let taken = Int.random(in: 0...(queue.count), using: &random)
                queue.drain { bytes in
                    #expect(bytes.elementsEqual(model))
                    return taken
                }
                model.removeFirst(taken)
            }
            #expect(queue.count == model.count)
        }
        #expect(queue.bytes == model)
    }

    @Test("numbers are written in decimal", arguments: [0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 123_456_789, Int.max])
    func decimals(number: Int) {
        let queue = ByteQueue()
        queue.append(decimal: number)
        #expect(queue.bytes == Array("\(number)".utf8))
    }
}
