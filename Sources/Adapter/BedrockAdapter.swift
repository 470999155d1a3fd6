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
    private let actions: WalletActions
    private let direct: DirectEvents
    private let clock: any SessionClock
    private let logger: Logger

    /// An adapter on `store`. `clock` times the deadlines of `respond`; `logger` hears of failures, without ids and values.
    public init(
        store: any SessionStore, configuration: AdapterConfiguration = AdapterConfiguration(), clock: any SessionClock = SystemClock(),
        logger: Logger = Logger(label: "bedrock-sessions.adapter")
    ) {
        self.configuration = configuration
        self.encoder = AnswerEncoder(maximumBytes: configuration.maximumAnswerBytes)
        self.actions = WalletActions(store: store, configuration: configuration, clock: clock)
        self.direct = DirectEvents(store: store, configuration: configuration, clock: clock)
        self.clock = clock
        self.logger = logger
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
        return self.encode(await self.answer(to: request, timeLeft: timeLeft, logger: logger), request.envelope, logger)
    }

    /// Does what a decoded request asks for.
    public func answer(to request: ActionRequest, timeLeft: Duration? = nil, logger: Logger? = nil) async -> ActionAnswer {
        let logger = logger ?? self.logger
        guard let timeLeft else { return await self.actions.answer(to: request, logger: logger) }
        let limit = timeLeft - self.configuration.answerMargin
        let late = ActionAnswer(.unavailable, "There was no time to finish.")
        return await Deadline(clock: self.clock).race(limit, late: late) {
            await self.actions.answer(to: request, logger: logger)
        }
    }

    private func encode(_ answer: ActionAnswer, _ envelope: ActionEnvelope, _ logger: Logger) -> [UInt8] {
        let encoded = self.encoder.encode(answer, to: envelope)
        if !encoded.isComplete { logger.warning("answer over the size limit, attributes left out") }
        return encoded.bytes
    }
}
