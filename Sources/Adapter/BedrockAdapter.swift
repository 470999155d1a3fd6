public import Logging
public import SessionStore

/// Answers the events of a Bedrock agent's action group from a `SessionStore`.
///
/// An event is decoded into an `ActionRequest`, an action makes an `ActionAnswer` of it, and the answer is written in the event's own style.
/// Whatever comes in, something that a model can act on goes out. A plain object with a `session_id`, as people send it to try a function out, is
/// answered with plain JSON.
///
/// ```swift
/// let adapter = BedrockAdapter(store: store)
/// let answer = await adapter.respond(to: event)
/// ```
public struct BedrockAdapter: Sendable {
    private let configuration: AdapterConfiguration
    private let encoder: AnswerEncoder
    private let runner: ActionRunner
    private let direct: DirectEvents
    private let clock: any SessionClock
    private let names: LogNames?
    private let metrics = AdapterMetrics()
    private let logger: Logger

    /// An adapter on `store`.
    ///
    /// - Parameters:
    ///   - store: Where sessions are kept.
    ///   - router: The actions beside the built-in ones, and the action group's schema.
    ///   - upstream: Where actions of the schema go that nobody handles; nil: they are answered with a failure.
    ///   - configuration: How events are read and answered.
    ///   - clock: Times the deadlines of `respond`.
    ///   - names: By what the log names an event's session and user; nil: it does not.
    ///   - logger: Hears of each event's answer and of failures, without ids and values.
    public init(
        store: any SessionStore, router: ActionRouter = ActionRouter(), upstream: (any UpstreamAPI)? = nil,
        configuration: AdapterConfiguration = AdapterConfiguration(), clock: any SessionClock = SystemClock(),
        names: LogNames? = nil, logger: Logger = Logger(label: "bedrock-sessions.adapter")
    ) {
        self.configuration = configuration
        self.encoder = AnswerEncoder(maximumBytes: configuration.maximumAnswerBytes, largeAnswers: configuration.largeAnswers)
        self.runner = ActionRunner(store: store, router: router, upstream: upstream, configuration: configuration, clock: clock)
        self.direct = DirectEvents(store: store, configuration: configuration, clock: clock, names: names)
        self.clock = clock
        self.names = names
        self.logger = logger
        for problem in router.problems { logger.error("an action's path cannot be called", metadata: ["problem": .string(problem)]) }
    }

    /// Answers one event, UTF-8 JSON both. `timeLeft` is the time until somebody stops listening: shortly before it (`answerMargin`) an unfinished
    /// action is cancelled, and the answer says so. `logger` replaces the adapter's own for this event.
    public func respond(to event: [UInt8], timeLeft: Duration? = nil, logger: Logger? = nil) async -> [UInt8] {
        let logger = logger ?? self.logger
        guard event.count <= self.configuration.maximumEventBytes else {
            logger.warning("event refused", metadata: ["reason": "too large"])
            return self.encode(ActionAnswer(.malformedEvent, "The event is too large: send less."), .unknown, logger)
        }
        let request: ActionRequest
        do throws(ActionDecodingError) {
            request = try ActionRequest(decoding: event)
        } catch {
            if let direct = DirectEvent.Reading(event) { return await self.direct.answer(to: direct, timeLeft: timeLeft, logger: logger) }
            logger.warning("event refused", metadata: ["reason": "malformed"])
            return self.encode(ActionAnswer(.malformedEvent, error.message), error.envelope, logger)
        }
        let began = self.clock.uptime
        let result = await self.result(of: request, timeLeft, logger)
        self.note(result.answer.status, request, after: self.clock.uptime - began, logger)
        var envelope = request.envelope
        envelope.sessionAttributes = result.sessionAttributes
        envelope.promptSessionAttributes = result.promptSessionAttributes
        return self.encode(result.answer, envelope, logger)
    }

    /// Does what a decoded request asks for.
    public func answer(to request: ActionRequest, timeLeft: Duration? = nil, logger: Logger? = nil) async -> ActionAnswer {
        await self.result(of: request, timeLeft, logger ?? self.logger).answer
    }

    private func result(of request: ActionRequest, _ timeLeft: Duration?, _ logger: Logger) async -> ActionRunner.Result {
        await self.runner.result(of: request, limit: timeLeft.map { $0 - self.configuration.answerMargin }, logger: logger)
    }

    /// One line for each event: whether it is the same session as in another line can be seen, which one it is cannot.
    private func note(_ status: ActionAnswer.Status, _ request: ActionRequest, after duration: Duration, _ logger: Logger) {
        self.metrics.answered(status, after: duration)
        guard logger.logLevel <= .info else { return }
        let caller = try? Caller(request.sessionAttributes, attribute: self.configuration.userAttribute)
        var metadata = LogNames.metadata(self.names, request.sessionID, caller)
        metadata["status"] = .string(status.word)
        logger.info("event answered", metadata: metadata)
    }

    private func encode(_ answer: ActionAnswer, _ envelope: ActionEnvelope, _ logger: Logger) -> [UInt8] {
        let encoded = self.encoder.encode(answer, to: envelope)
        if !encoded.isComplete { logger.warning("answer over the size limit, cut or without attributes") }
        return encoded.bytes
    }
}
