@testable import Redis

/// The decoder. However a stream is cut, it means the same; and what is well-formed means what a reader of 60 lines says it does.
@_cdecl("fuzz_replies")
public func fuzzReplies(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    guard count > 2, let bytes else { return }
    let input = UnsafeBufferPointer(start: bytes, count: count)
    var cuts = Cuts(input[0])
    let limits = ReplyFrame.Limits(bytes: input[1] & 1 == 0 ? 1024 : 1 << 20, elements: 1024)
    let stream = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[2...])

    let whole = decoded(stream, limits) { _ in ReplyDecoder.sliceBytes }
    let cut = decoded(stream, limits) { _ in cuts.next() }
    check(whole.replies == cut.replies, "cut otherwise, the stream has other replies")
    check(whole.error?.message == cut.error?.message, "cut otherwise, the stream is refused otherwise")
    let violations: [RedisError.Code] = [.protocolViolation, .replyTooLarge, .tls]
    check(whole.error.map { violations.contains($0.code) } ?? true, "an error of another kind")

    var reader = ReferenceReader(stream, limits: limits)
    let expected = reader.replies()
    check(whole.replies == expected, "the reference reads other replies")
    switch reader.end {
    case .wellFormed: check(whole.error == nil, "what is well-formed is refused")
    case .refused: check(whole.error != nil, "what is malformed or too large is not refused")
    }
}

/// What a decoder makes of a stream that comes in slices.
private func decoded(
    _ stream: UnsafeRawBufferPointer, _ limits: ReplyFrame.Limits, slice size: (Int) -> Int
) -> (replies: [RedisReply], error: RedisError?) {
    guard let decoder = ReplyDecoder(limits: limits) else { return ([], nil) }
    var replies: [RedisReply] = []
    var rest = stream[...]
    while !rest.isEmpty {
        let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(min(size(rest.count), ReplyDecoder.sliceBytes)))
        rest = rest.dropFirst(slice.count)
        if let error = decoder.feed(slice) { return (replies, error) }
        taking: while true {
            switch decoder.next(in: slice) {
            case .reply(let reply): replies.append(reply)
            case .needsMore: break taking
            case .failed(let error): return (replies, error)
            }
        }
    }
    return (replies, nil)
}

/// Sizes of slices, by a seed.
struct Cuts {
    private var state: UInt32

    init(_ seed: UInt8) {
        self.state = UInt32(seed) &+ 1
    }

    /// Mostly small, now and then large.
    mutating func next() -> Int {
        self.state = self.state &* 1_664_525 &+ 1_013_904_223
        let word = Int(self.state >> 16)
        return word & 7 == 0 ? 1 + word >> 3 & 1023 : 1 + word >> 3 & 7
    }
}

/// Ends the process where a promise is broken: libFuzzer then keeps the input.
func check(_ holds: Bool, _ promise: StaticString, file: StaticString = #file, line: UInt = #line) {
    precondition(holds, "\(promise)", file: file, line: line)
}
