import Logging
import SessionStore

/// Calls the upstream API for an action; one that may change something at most once.
struct UpstreamCaller: Sendable {
    /// What is left of the time for what comes behind the call: noting its outcome, and the answer.
    private static let reserve = Duration.milliseconds(300)

    private let api: any UpstreamAPI
    private let ledger: CallLedger
    private let timeout: Duration

    init(_ api: any UpstreamAPI, store: any SessionStore, timeout: Duration) {
        self.api = api
        self.ledger = CallLedger(store: store)
        self.timeout = timeout
    }

    /// What the API answers to the call with its values in place.
    func answer(to call: ActionCall, _ route: ActionRoute, _ body: ActionBody?, _ session: ActionSession) async -> ActionAnswer {
        let request: UpstreamRequest
        do throws(UpstreamRequestBuilder.Refusal) {
            request = try UpstreamRequestBuilder.build(route, body: body, values: call.values)
        } catch {
            return ActionAnswer(problems: error.problems)
        }
        guard route.acts else { return await self.send(request, session).answer }
        do throws(SessionStoreError) {
            return try await self.once(request, call, session)
        } catch {
            session.logger.warning("call not made", metadata: ["error": .string(error.code.label)])
            return ActionAnswer(
                error.code == .notOwner ? .notAllowed : .unavailable,
                error.code == .notOwner
                    ? "This session belongs to another user: nothing of it can be shown or changed."
                    : "The memory cannot be reached at the moment, so the action was not begun. Try again later.")
        }
    }

    /// The call, unless it was made before. Throws where that cannot be told; then nothing was sent.
    private func once(
        _ request: UpstreamRequest, _ call: ActionCall, _ session: ActionSession
    ) async throws(SessionStoreError) -> ActionAnswer {
        let key = CallKey(request, of: call.request, as: session.caller)
        switch try await self.ledger.claim(key, as: session.caller) {
        case .known(let answer): return answer
        case .pending:
            return ActionAnswer(
                .outcomeUnknown,
                "This very action was begun a moment ago, and it is not known whether it was done: find out before doing it again. It was not repeated."
            )
        case .mine: break
        }
        let (answer, wasSent) = await self.send(request, session)
        do throws(SessionStoreError) {
            if wasSent {
                try await self.ledger.finish(key, with: answer, as: session.caller)
            } else {
                try await self.ledger.withdraw(key, as: session.caller)
            }
        } catch {
            // The mark stays: until it ends, the same call is answered as one whose outcome is not known.
            session.logger.warning("outcome of a call not noted", metadata: ["error": .string(error.code.label)])
        }
        return answer
    }

    private func send(_ request: UpstreamRequest, _ session: ActionSession) async -> (answer: ActionAnswer, wasSent: Bool) {
        let acts = request.method.acts
        let deadline = min(self.timeout, session.timeLeft.map { $0 - Self.reserve } ?? self.timeout)
        guard deadline > .zero else {
            return (ActionAnswer(.unavailable, "There was no time left to begin the action. Nothing was done. Try again."), false)
        }
        do throws(UpstreamError) {
            let answer = try await self.api.send(request, deadline: deadline)
            if !(200..<300).contains(answer.status) {
                session.logger.info("upstream refused", metadata: ["status": .stringConvertible(answer.status)])
            }
            return (ActionAnswer(answer, acts: acts), true)
        } catch {
            session.logger.warning("upstream failed", metadata: ["error": .string(error.code.rawValue)])
            return (ActionAnswer(error, acts: acts), error.mayHaveBeenDone)
        }
    }
}
