import JSON
import Logging
import SessionStore
import Spans

/// Answers plain test events: stores what one gives, and says what is stored.
///
/// No model fills these in, so a wallet is stored as an operator's: checked, and not asked about. Ownership holds: an owned session answers the user whom
/// the event names as its own, and nobody else. The event's word for that is all there is; whoever may invoke the function is trusted with it.
struct DirectEvents: Sendable {
    private let memory: FieldMemory
    private let store: any SessionStore
    private let configuration: AdapterConfiguration
    private let clock: any SessionClock
    private let names: LogNames?
    private let spans = SpanRecorder()

    init(store: any SessionStore, configuration: AdapterConfiguration, clock: any SessionClock, names: LogNames?) {
        self.memory = FieldMemory(store, clock: clock)
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.names = names
    }

    /// The answer, UTF-8 JSON: what is stored, or `error` and `message`.
    func answer(to reading: DirectEvent.Reading, timeLeft: Duration?, logger: Logger) async -> [UInt8] {
        guard let spans = self.spans else { return await self.answer(to: reading, timeLeft, logger).encoded }
        return await spans.record(.action) { span in
            span.set(.actionName, "direct event")
            let answer = await self.answer(to: reading, timeLeft, logger)
            // One of our own codes.
            if let code = answer["error"]?.string { span.fail(code) }
            return answer.encoded
        }
    }

    private func answer(to reading: DirectEvent.Reading, _ timeLeft: Duration?, _ logger: Logger) async -> JSONValue {
        guard let timeLeft else { return await self.answer(to: reading, logger) }
        let late = Self.refusal("deadlineExceeded", "there was no time to finish")
        let limit = timeLeft - self.configuration.answerMargin
        return await Deadline(clock: self.clock).race(limit, late: late) { await self.answer(to: reading, logger) }
    }

    private func answer(to reading: DirectEvent.Reading, _ logger: Logger) async -> JSONValue {
        guard self.configuration.acceptsDirectEvents else {
            logger.warning("event refused", metadata: ["reason": "direct events are off"])
            return Self.refusal(
                "directEventsOff", "plain test events are switched off here: send an action group's event, or switch them on")
        }
        var about: Logger.Metadata = [:]
        do throws(SessionStoreError) {
            let event = try reading.event(remembering: self.configuration.remembered)
            about = LogNames.metadata(self.names, event.session, event.caller)
            let answer = try await self.perform(event)
            logger.info("direct event answered", metadata: about)
            return answer
        } catch {
            about["error"] = .string(error.code.label)
            logger.warning("direct event failed", metadata: about)
            return Self.refusal(error.code.label, error.message)
        }
    }

    private func perform(_ event: DirectEvent) async throws(SessionStoreError) -> JSONValue {
        let given: GivenValues
        do throws(GivenValues.Problem) {
            given = try GivenValues(event.given, of: self.configuration.remembered)
        } catch {
            switch error {
            case .invalid(let field, let error):
                throw field == .wallet ? error : SessionStoreError(error.code, "\(field.name) is not valid: \(error.message)")
            case .several(let field):
                throw SessionStoreError(.invalidValue, "\(field.name) is given twice, with different values: give it once")
            }
        }
        if !given.values.isEmpty {
            let items = try await self.memory.items(event.session, event.caller, .cached)
            try await self.memory.remember(given.values, in: items, as: event.caller)
        }
        if !event.data.isEmpty { try await self.store.update(.session(event.session), set: event.data, as: event.caller) }
        return self.page(try await self.memory.items(event.session, event.caller, .cached), event)
    }

    /// What is stored.
    private func page(_ items: FieldMemory.Items, _ event: DirectEvent) -> JSONValue {
        let session = items.session
        // A pending change is of no use to anybody but its user.
        let pending = Set(self.configuration.remembered.map(\.pending))
        let data = session?.data.filter { !pending.contains($0.key) } ?? [:]
        let wallet = self.configuration.remembered.contains(.wallet) ? try? items.recall(.wallet) : nil
        var members: [JSONValue.Member] = [
            .init("session_id", .string(event.session.rawValue)), .init("found", .bool(session != nil)),
            .init("user_id", session?.owner.map { .string($0.rawValue) } ?? .null),
            .init("wallet_address", wallet?.current.map { .string($0.value.text) } ?? .null), .init("data", SessionValue.object(data)),
            .init("expiration", session?.expiration.map { .number(String($0.seconds)) } ?? .null),
            .init("version", session?.version.map { .number(String($0.rawValue)) } ?? .null),
        ]
        if case .conflict(let inSession, _)? = wallet {
            members.append(.init("session_wallet_address", .string(inSession.value.text)))
        }
        if let staleness = [items.memory ?? nil, session].compactMap({ $0?.staleness }).max() {
            members.append(.init("stale_seconds", .number(String(staleness.components.seconds))))
        }
        return .object(members)
    }

    private static func refusal(_ code: String, _ message: String) -> JSONValue {
        .object([.init("error", .string(code)), .init("message", .string(message))])
    }
}
