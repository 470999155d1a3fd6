@testable import EventLoop
@testable import Redis

/// A peer that is in the input: it sends what it is told, and takes what the connection sends.
final class FakeTransport: Transport {
    var onReadiness: (Readiness) -> Void = { _ in }
    /// What comes next when the connection reads.
    var arriving: ArraySlice<UInt8> = []
    var hasEnded = false
    /// How many bytes the next write may take; nil: all.
    var room: Int?
    var isBroken = false
    private(set) var closings = 0
    /// What the connection has sent and the server has not read.
    private var sent: [UInt8] = []

    /// The first command that has come whole: its last argument.
    func nextCommand() -> String? {
        var rest = self.sent[...]
        guard let count = Self.number(after: UInt8(ascii: "*"), in: &rest) else { return nil }
        var last = ""
        for _ in 0..<count {
            guard let length = Self.number(after: UInt8(ascii: "$"), in: &rest), rest.count >= length + 2 else { return nil }
            last = String(decoding: rest.prefix(length), as: UTF8.self)
            rest = rest.dropFirst(length + 2)
        }
        self.sent = Array(rest)
        return last
    }

    private static func number(after type: UInt8, in bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first, let end = bytes.firstIndex(of: 13), end + 1 < bytes.endIndex else { return nil }
        check(first == type, "a command is malformed")
        defer { bytes = bytes[(end + 2)...] }
        return Int(String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self))
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> TransferResult {
        check(self.closings == 0, "a closed transport is read")
        if self.arriving.isEmpty { return self.hasEnded ? .ended : .wouldBlock }
        let count = min(buffer.count, self.arriving.count)
        buffer.copyBytes(from: self.arriving.prefix(count))
        self.arriving = self.arriving.dropFirst(count)
        return .bytes(count)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> TransferResult {
        check(self.closings == 0, "a closed transport is written")
        if self.isBroken { return .failed("broken") }
        let count = min(self.room ?? bytes.count, bytes.count)
        if let room { self.room = room - count }
        self.sent += bytes.prefix(count)
        return count == 0 ? .wouldBlock : .bytes(count)
    }

    func watch(_ interest: Readiness) {}

    func close() {
        self.closings += 1
        check(self.closings == 1, "a transport is closed twice")
    }
}
