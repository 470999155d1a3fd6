public import EventLoop
import HTTP
import Locked
public import Logging

/// The loop of a Lambda function: takes an invocation from the runtime API, gives it to the handler, returns its answer, one after the other.
///
/// ```swift
/// let runtime = try LambdaRuntime(loop: loop, environment: { name in getenv(name).map { String(cString: $0) } }) { event, context in
///     await adapter.respond(to: event, timeLeft: context.timeLeft, logger: context.logger)
/// }
/// try await runtime.run()
/// ```
public struct LambdaRuntime: Sendable {
    /// Makes an answer of an event, both as bytes. What it throws is reported as the invocation's error.
    public typealias Handler = @Sendable (_ event: [UInt8], _ context: LambdaContext) async throws -> [UInt8]

    private let loop: UVLoop
    private let api: RuntimeAPI
    /// Tests shorten its pauses.
    var schedule = RetrySchedule()
    private let logger: Logger
    private let handler: Handler
    private let state = Locked(State())

    private struct State: Sendable {
        var isStopping = false
        /// The wait for the next invocation, while there is one.
        var wait: Task<Result<HTTPAnswer, HTTPError>, Never>?
    }

    /// A runtime for the API that `environment` names in `AWS_LAMBDA_RUNTIME_API`. Throws `.misconfigured` when it names none.
    public init(
        loop: UVLoop, environment: (String) -> String?, logger: Logger = Logger(label: "bedrock-sessions.lambda"),
        handler: @escaping Handler
    ) throws(LambdaRuntimeError) {
        self.loop = loop
        self.api = try Self.api(loop, environment)
        self.logger = logger
        self.handler = handler
    }

    /// Runs until `shutdown()` or until the calling task is cancelled, and throws when the runtime API stays away. An invocation in progress is finished first.
    ///
    /// Quickest in a task that prefers the loop (`Task(executorPreference: loop)`).
    public func run() async throws(LambdaRuntimeError) {
        let end: Result<Void, LambdaRuntimeError> = await withTaskCancellationHandler {
            do throws(LambdaRuntimeError) { return .success(try await self.runUntilShutdown()) } catch { return .failure(error) }
        } onCancel: {
            self.shutdown()
        }
        try end.get()
    }

    private func runUntilShutdown() async throws(LambdaRuntimeError) {
        var schedule = self.schedule
        while let result = await self.nextInvocation() {
            let problem: LambdaRuntimeError
            switch result {
            case .success(let answer):
                if let invocation = Invocation(answer, logger: self.logger) {
                    schedule.succeeded()
                    await self.handle(invocation)
                    continue
                }
                problem = LambdaRuntimeError(
                    .refused, "the runtime API does not answer with invocations: look at its status", underlying: "status \(answer.status)")
            case .failure(let error):
                if self.isStopping { return }
                problem = Self.unreachable(error)
            }
            self.logger.warning("no invocation from the runtime API", metadata: ["error": .string(problem.description)])
            guard let pause = schedule.failed() else { throw problem }
            do throws(EventLoopError) {
                try await self.loop.sleep(for: pause)
            } catch {
                if self.isStopping { return }
                throw LambdaRuntimeError(.loop, "the loop of this runtime was shut down", underlying: error.description)
            }
        }
    }

    /// Ends `run()` after the invocation in progress. May be called from anywhere, more than once.
    public func shutdown() {
        let wait = self.state.withLock { state in
            state.isStopping = true
            return state.wait
        }
        wait?.cancel()
    }

    /// Tells the runtime API that the function cannot start. `message` is shown to whoever invokes it.
    public static func reportInitializationFailure(
        _ message: String, type: String, loop: UVLoop, environment: (String) -> String?
    ) async throws(LambdaRuntimeError) {
        let api = try Self.api(loop, environment)
        do throws(HTTPError) {
            _ = try await api.failInitialization(FailureReport(type: type, message: message))
        } catch {
            throw Self.unreachable(error)
        }
    }

    private static func api(_ loop: UVLoop, _ environment: (String) -> String?) throws(LambdaRuntimeError) -> RuntimeAPI {
        guard let address = environment("AWS_LAMBDA_RUNTIME_API"), !address.isEmpty else {
            throw LambdaRuntimeError(.misconfigured, "AWS_LAMBDA_RUNTIME_API is not set: AWS Lambda sets it for the programs it starts")
        }
        return RuntimeAPI(address: address, loop: loop)
    }

    private static func unreachable(_ error: HTTPError) -> LambdaRuntimeError {
        LambdaRuntimeError(.unreachable, "the runtime API does not answer: check AWS_LAMBDA_RUNTIME_API", underlying: error.description)
    }

    private var isStopping: Bool {
        self.state.withLock { $0.isStopping }
    }

    /// Nil: shut down.
    private func nextInvocation() async -> Result<HTTPAnswer, HTTPError>? {
        // A task of its own, so that a shutdown ends the wait and not the handler.
        let wait: Task<Result<HTTPAnswer, HTTPError>, Never>? = self.state.withLock { state in
            guard !state.isStopping else { return nil }
            let api = self.api
            let wait = Task(executorPreference: self.loop) { () async -> Result<HTTPAnswer, HTTPError> in
                do throws(HTTPError) { return .success(try await api.next()) } catch { return .failure(error) }
            }
            state.wait = wait
            return wait
        }
        let result = await wait?.value
        self.state.withLock { $0.wait = nil }
        return result
    }

    private func handle(_ invocation: Invocation) async {
        let context = invocation.context
        TraceEnvironment.set(context.traceID)
        do {
            await self.deliver(.answer(try await self.handler(invocation.event, context)), context)
        } catch {
            context.logger.error("invocation failed", metadata: ["error": .string(String(describing: type(of: error)))])
            await self.deliver(.failure(FailureReport(error)), context)
        }
    }

    /// What an invocation came to.
    private enum Outcome {
        case answer([UInt8])
        case failure(FailureReport)
    }

    /// Sends an outcome; where the runtime API hangs up, a few times. What it refuses is lost, and the loop goes on.
    private func deliver(_ outcome: Outcome, _ context: LambdaContext) async {
        var schedule = self.schedule
        while true {
            do throws(HTTPError) {
                let status = try await self.post(outcome, context)
                if case .answer = outcome, status == 413 {
                    let report = FailureReport(type: "ResponseTooLarge", message: "the answer is larger than Lambda accepts (6 MB)")
                    return await self.deliver(.failure(report), context)
                }
                if !(200..<300).contains(status) {
                    context.logger.error("answer refused by the runtime API", metadata: ["status": .stringConvertible(status)])
                }
                return
            } catch {
                guard let pause = schedule.failed(), (try? await self.loop.sleep(for: pause)) != nil else {
                    return context.logger.error("answer not delivered", metadata: ["error": .string(error.code.label)])
                }
            }
        }
    }

    private func post(_ outcome: Outcome, _ context: LambdaContext) async throws(HTTPError) -> Int {
        switch outcome {
        case .answer(let bytes): try await self.api.respond(context.requestID, bytes).status
        case .failure(let report): try await self.api.fail(context.requestID, report).status
        }
    }
}
