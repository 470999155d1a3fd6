import Logging
import SessionStore
import Spans

/// Takes an event through an action: who calls, which action, which values, what is remembered of them, what is missing, then the action itself.
///
/// A class, as what it hands an event on to: each step of each event would otherwise copy the configuration and all else that it holds.
final class ActionRunner: Sendable {
    private let store: any SessionStore
    private let router: ActionRouter
    private let upstream: UpstreamCaller?
    private let remembering: Remembering
    private let remembered: RememberedInputs
    private let configuration: AdapterConfiguration
    private let clock: any SessionClock
    private let spans = SpanRecorder()

    init(
        store: any SessionStore, router: ActionRouter, upstream: (any UpstreamAPI)?, configuration: AdapterConfiguration,
        clock: any SessionClock
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.remembering = Remembering(store: store, configuration: configuration, clock: clock)
        self.remembered = RememberedInputs(configuration)
        self.upstream = upstream.map { UpstreamCaller($0, store: store, timeout: configuration.upstreamTimeout) }
        var router = router
        let wallets = WalletActions(store: store, configuration: configuration, clock: clock)
        for action in BuiltInAction.allCases {
            for operation in action.operations {
                router.add(builtIn: operation, acts: action != .recallWallet) { call, session in
                    await wallets.answer(to: call.request, isConfirmed: call.route?.requiresConfirmation ?? false, logger: session.logger)
                }
            }
        }
        self.router = router
    }

    /// What an action answers, and the attributes that go back with it.
    struct Result: Sendable {
        var answer: ActionAnswer
        var sessionAttributes: ActionAttributes?
        var promptSessionAttributes: ActionAttributes?
    }

    /// Does what a request asks for, until `limit` from now; nil: however long it takes.
    func result(of request: ActionRequest, limit: Duration?, logger: Logger) async -> Result {
        guard let spans = self.spans else { return await self.perform(request, limit, logger) }
        return await spans.record(.action) { span in
            // What the agent made up may hold anything.
            span.set(.actionName, self.router.match(request.operation)?.entry.operation.name ?? "unknown")
            let result = await self.perform(request, limit, logger)
            span.set(.actionStatus, result.answer.status.word)
            if result.answer.status.httpStatus >= 500 { span.fail(result.answer.status.word) }
            return result
        }
    }

    private func perform(_ request: ActionRequest, _ limit: Duration?, _ logger: Logger) async -> Result {
        let deadline = limit.map { self.clock.uptime + $0 }
        let caller: Caller
        do throws(SessionStoreError) {
            caller = try Caller(request.sessionAttributes, attribute: self.configuration.userAttribute)
        } catch {
            logger.warning("action failed", metadata: ["error": .string(error.code.label)])
            return Result(
                answer: ActionAnswer(error, isWrite: false), sessionAttributes: request.sessionAttributes,
                promptSessionAttributes: request.promptSessionAttributes)
        }
        let session = ActionSession(request, caller: caller, store: self.store, clock: self.clock, deadline: deadline, logger: logger)
        let answer =
            if let limit {
                await Deadline(clock: self.clock).race(limit, late: ActionAnswer(.unavailable, "There was no time to finish.")) {
                    await self.answer(to: request, session)
                }
            } else {
                await self.answer(to: request, session)
            }
        return Result(
            answer: answer, sessionAttributes: session.sessionAttributes, promptSessionAttributes: session.promptSessionAttributes)
    }

    private func answer(to request: ActionRequest, _ session: ActionSession) async -> ActionAnswer {
        guard let match = self.router.match(request.operation) else { return self.unknownAction(request) }
        let call = ActionCall(request: request, route: match.entry.route, values: [:], acts: match.entry.acts)
        let handler = self.router.wrapped { call, session in
            switch match.entry.target {
            case .builtIn(let handler): try await handler(call, session)
            case .handler, .upstream: try await self.typed(call, match, session)
            }
        }
        do {
            return try await handler(call, session)
        } catch let error as SessionStoreError {
            session.logger.warning("action failed", metadata: ["error": .string(error.code.label)])
            return ActionAnswer(error, isWrite: match.entry.acts)
        } catch let error as ActionValueError {
            return ActionAnswer(error)
        } catch {
            // What it says may hold anything: it is the handler's to log.
            session.logger.warning("action failed", metadata: ["error": .string(String(describing: type(of: error)))])
            return ActionAnswer(.failed, "The action failed. Nothing is known of the reason here.")
        }
    }

    /// An action with typed values: a handler's, or the upstream API's.
    private func typed(_ call: ActionCall, _ match: ActionRouter.Match, _ session: ActionSession) async throws -> ActionAnswer {
        var call = call
        let body = call.route?.body(sent: call.request.body.keys)
        // Without a schema a handler may want anything that is remembered.
        let inputs =
            call.route?.inputs(with: body)
            ?? self.remembered.completed(InputReader.inputs(in: call.request, path: match.entry.operation.pathNames))
        let read = InputReader.read(inputs, from: call.request, body: body, pathValues: match.pathValues)
        guard read.problems.isEmpty else { return ActionAnswer(problems: read.problems) }
        call.values = read.values
        var notes: [String] = []
        if let answer = try await self.settled(&call, inputs, session, &notes) { return answer }
        let missing = inputs.filter { $0.isRequired && call.values[$0.name] == nil }.map(\.name)
        guard missing.isEmpty else { return ActionAnswer(missing: missing) }
        var answer = try await self.answer(of: match.entry.target, call, body, session)
        if answer.content == nil { answer.message = ([answer.message] + notes).joined(separator: " ") }
        return answer
    }

    private func answer(
        of target: ActionRouter.Target, _ call: ActionCall, _ body: ActionBody?, _ session: ActionSession
    ) async throws -> ActionAnswer {
        switch target {
        case .handler(let handler), .builtIn(let handler): return try await handler(call, session)
        case .upstream:
            guard let upstream = self.upstream, let route = call.route else {
                return ActionAnswer(.failed, "There is no service behind this action: its operator has to configure one.")
            }
            return await upstream.answer(to: call, route, body, session)
        }
    }

    /// Puts the remembered values in place; an answer where that cannot be.
    private func settled(
        _ call: inout ActionCall, _ inputs: [ActionInput], _ session: ActionSession, _ notes: inout [String]
    ) async throws(SessionStoreError) -> ActionAnswer? {
        var action = Remembering.Action(
            needed: self.remembered.needed(inputs), acts: call.acts, isConfirmed: call.route?.requiresConfirmation ?? false)
        for input in inputs.reversed() {
            if let field = self.remembered.field(of: input) { action.parameters[field] = input.name }
        }
        let given = self.remembered.given(inputs, call.values)
        // It is for us alone: the action has a parameter for it so that the model can give it.
        call.values[RememberingPhrases.codeParameter] = nil
        switch try await self.remembering.settle(given, for: action, in: call.request, as: session.caller) {
        case .answer(let answer): return answer
        case .ready(let values):
            for input in inputs {
                guard let field = self.remembered.field(of: input), let value = values[field] else { continue }
                if let note = value.note, !notes.contains(note) { notes.append(note) }
                do throws(ValueParser.Problem) {
                    call.values[input.name] = try ValueParser.parse(value.text, as: input.type)
                } catch {
                    return ActionAnswer(problems: ["\(input.name)\(error.place) has to be \(error.wish)"])
                }
            }
            return nil
        }
    }

    private func unknownAction(_ request: ActionRequest) -> ActionAnswer {
        let names = self.router.names(ofFunctions: request.isFunction)
        let shown = names.prefix(20).joined(separator: ", ")
        return ActionAnswer(
            .unknownAction,
            "There is no such \(request.isFunction ? "function" : "operation") here. There are \(shown)\(names.count > 20 ? " and others" : "")."
        )
    }
}
