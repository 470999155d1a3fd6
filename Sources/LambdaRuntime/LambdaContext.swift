public import Logging

/// What the runtime API says about one invocation.
///
/// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API", headers of the next invocation.
public struct LambdaContext: Sendable {
    /// `Lambda-Runtime-Aws-Request-Id`
    public let requestID: String
    /// `Lambda-Runtime-Invoked-Function-Arn`, if there is one.
    public let functionARN: String?
    /// `Lambda-Runtime-Trace-Id`: the header X-Ray continues from, if there is one.
    public let traceID: String?
    /// When the invocation ends, as time of `uptime`; nil when the runtime API does not say.
    let end: Duration?
    /// A logger whose lines carry the request id.
    public let logger: Logger

    /// The metadata in which they do.
    static let requestIDKey = "aws-request-id"

    /// The time until Lambda stops the invocation: 0 or more; nil when the runtime API does not say.
    public var timeLeft: Duration? {
        self.end.map { max($0 - MonotonicClock.uptime, .zero) }
    }

    /// A context with these parts, for tests of handlers.
    public init(
        requestID: String, functionARN: String? = nil, traceID: String? = nil, timeLeft: Duration? = nil,
        logger: Logger = Logger(label: "bedrock-sessions.lambda")
    ) {
        self.requestID = requestID
        self.functionARN = functionARN
        self.traceID = traceID
        self.end = timeLeft.map { MonotonicClock.uptime + $0 }
        self.logger = logger
    }
}
