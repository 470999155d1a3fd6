import HTTP
import Testing

@testable import AWS

@Suite("Rules of a service call")
struct ServiceRulesTests {
    @Test("the clock's correction is the last answer's, and differences within the header's resolution are none")
    func skew() {
        var skew = ClockSkew()
        skew.answered(date: 1000, localTime: 700)
        #expect(skew.correction == 300)
        skew.answered(date: 1000, localTime: 1001)
        #expect(skew.correction == 0)
        skew.answered(date: 0, localTime: 86_400)
        #expect(skew.correction == -86_400)
    }

    @Test(
        "a refused signature is one for the clock when the answer's date differs by more than four minutes",
        arguments: [
            ("RequestTimeTooSkewed", 241, true), ("RequestExpired", -300, true), ("RequestInTheFuture", -241, true),
            ("InvalidSignatureException", 400, true), ("SignatureDoesNotMatch", 400, true), ("AuthFailure", 400, true),
            ("InvalidSignatureException", 240, false), ("InvalidSignatureException", nil, false), ("ValidationException", 400, false),
        ] as [(String, Int64?, Bool)])
    func refusal(code: String, skew: Int64?, isSkew: Bool) {
        let error = AWSError(.service, "", code: code, status: 400)
        #expect((RetryMachine.Failure(error, retryAfter: nil, skew: skew) == .skewed) == isSkew)
    }

    @Test("the wait that a service asks for is in milliseconds, and nonsense is none")
    func retryAfter() {
        func read(_ value: String) -> Duration? { HTTPAnswer(status: 503, headers: HTTPHeaders([("X-Amz-Retry-After", value)])).retryAfter }
        #expect(read("1500") == .milliseconds(1500))
        #expect(read("0") == .zero)
        for wrong in ["-1", "soon", "1.5", ""] { #expect(read(wrong) == nil) }
        #expect(HTTPAnswer(status: 503).retryAfter == nil)
    }

    @Test("a call's name is a UUID of version 4, and an attempt says which one it is")
    func invocation() {
        let low = Invocation(random: (0, 0), maxAttempts: 4)
        #expect(String(decoding: low.id, as: UTF8.self) == "00000000-0000-4000-8000-000000000000")
        let high = Invocation(random: (.max, .max), maxAttempts: 4)
        #expect(String(decoding: high.id, as: UTF8.self) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        let request = low.request(attempt: 2, ttl: SigningDate(seconds: 1_440_938_160))
        #expect(String(decoding: request, as: UTF8.self) == "ttl=20150830T123600Z; attempt=2; max=4")
    }
}
