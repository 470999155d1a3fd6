import HTTP
import Logging

/// One invocation, as the runtime API hands it out.
struct Invocation {
    var event: [UInt8]
    var context: LambdaContext

    /// Nil when the answer is no invocation: then there is no request id that an answer of ours could name.
    init?(_ answer: HTTPAnswer, logger: Logger) {
        guard answer.status == 200, let id = answer.headers["Lambda-Runtime-Aws-Request-Id"], Self.isRequestID(id) else { return nil }
        var logger = logger
        logger[metadataKey: LambdaContext.requestIDKey] = .string(id)
        let end = answer.headers["Lambda-Runtime-Deadline-Ms"].flatMap { Int64($0) }.map { Duration.milliseconds($0) }
        self.event = answer.body
        self.context = LambdaContext(
            requestID: id, functionARN: answer.headers["Lambda-Runtime-Invoked-Function-Arn"],
            traceID: answer.headers["Lambda-Runtime-Trace-Id"], timeLeft: end.map { $0 - MonotonicClock.sinceEpoch }, logger: logger)
    }

    /// The id becomes part of a path: nothing that could make another path of it.
    private static func isRequestID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
