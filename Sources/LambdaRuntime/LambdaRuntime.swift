public import EventLoop
import HTTP
import Locked
public import Logging
import Spans

/// The loop of a Lambda function: takes an invocation from the runtime API, gives it to the handler, returns its answer.
///
/// One after the other; on Lambda Managed Instances as many at a time as Lambda says (`AWS_LAMBDA_MAX_CONCURRENCY`).
///
/// ```swift
/// let runtime = try LambdaRuntime(loop: loop, environment: { name in getenv(name).map { String(cString: $0) } }) { event, context in
///     await adapter.respond(to: event, timeLeft: context.timeLeft, logger: context.logger)
/// }
/// try await runtime.run()
/// ```
///
/// `runProcess` is the same as a whole program. In the handler's task, `ServiceContext.current` knows the invocation, and the process's tracer its trace.
public struct LambdaRuntime: Sendable {
    /// Makes an answer of an event, both as bytes. What it throws is reported as the invocation's error.
    public typealias Handler = @Sendable (_ event: [UInt8], _ context: LambdaContext) async throws -> [UInt8]

    /// How long before the end of an invocation its handler is cancelled. One that goes on for half of that is given up, and an error is the
    /// answer: Lambda would throw the whole process away.
    public var deadlineReserve = Duration.milliseconds(100)

    let loop: UVLoop
    let api: RuntimeAPI
    /// Tests shorten its pauses.
    var schedule = RetrySchedule()
    let logger: Logger
    let handler: Handler
    /// Invocations at one time.
    let concurrency: Int
    /// Nil: the process has no tracer.
    let spans = SpanRecorder()
    /// Whether `run` is to end.
    let stopping = Locked(false)

    /// A runtime for the API that `environment` names in `AWS_LAMBDA_RUNTIME_API`. Throws `.misconfigured` when it names none.
    public init(
        loop: UVLoop, environment: (String) -> String?, logger: Logger = Logger(label: "bedrock-sessions.lambda"),
        handler: @escaping Handler
    ) throws(LambdaRuntimeError) {
        self.loop = loop
        self.concurrency = LambdaConcurrency.limit(environment)
        self.api = try Self.api(loop, environment, concurrency: self.concurrency)
        self.logger = logger
        self.handler = handler
    }

    /// Runs until `shutdown()` or until the calling task is cancelled, and throws when the runtime API stays away. Invocations in progress are finished first.
    ///
    /// Quickest in a task that prefers the loop (`Task(executorPreference: loop)`).
    public func run() async throws(LambdaRuntimeError) {
        let end: Result<Void, LambdaRuntimeError> = await withTaskCancellationHandler {
            await self.runWorkers()
        } onCancel: {
            self.shutdown()
        }
        try end.get()
    }

    /// Ends `run()` after the invocations in progress. May be called from anywhere, more than once.
    public func shutdown() {
        self.stopping.withLock { $0 = true }
        self.api.endWaits()
    }

    /// Tells the runtime API that the function cannot start. `message` is shown to whoever invokes it.
    public static func reportInitializationFailure(
        _ message: String, type: String, loop: UVLoop, environment: (String) -> String?
    ) async throws(LambdaRuntimeError) {
        let api = try Self.api(loop, environment, concurrency: 1)
        do throws(HTTPError) {
            _ = try await api.failInitialization(FailureReport(type: type, message: message))
        } catch {
            throw Self.unreachable(error)
        }
    }

    private static func api(
        _ loop: UVLoop, _ environment: (String) -> String?, concurrency: Int
    ) throws(LambdaRuntimeError) -> RuntimeAPI {
        guard let address = environment("AWS_LAMBDA_RUNTIME_API"), !address.isEmpty else {
            throw LambdaRuntimeError(.misconfigured, "AWS_LAMBDA_RUNTIME_API is not set: AWS Lambda sets it for the programs it starts")
        }
        return RuntimeAPI(address: address, loop: loop, concurrency: concurrency)
    }

    static func unreachable(_ error: HTTPError) -> LambdaRuntimeError {
        LambdaRuntimeError(.unreachable, "the runtime API does not answer: check AWS_LAMBDA_RUNTIME_API", underlying: error.description)
    }
}
