import AWS
import Logging
public import SessionStore

extension DynamoStore {
    /// Changes one session and returns when the table has the change.
    ///
    /// Throws `.outcomeUnknown` where the answer was lost and reading back could not tell; then, and only then, the change may have been kept.
    public func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        var planner = WritePlanner(write, timeToLive: self.configuration.timeToLive, writeID: WriteID.random())
        let end = self.clock.uptime + self.configuration.writeBudget
        var action = planner.started(now: self.clock.now)
        while true {
            let remaining = end - self.clock.uptime
            switch action {
            case .done(let result): return result
            case .fail(let error): throw error
            case .attempt, .read, .wait:
                guard remaining > .zero else {
                    action = planner.deadlineReached()
                    continue
                }
            }
            switch action {
            case .attempt: action = await self.attempt(&planner, end: end)
            case .read: action = await self.readBack(&planner, deadline: min(remaining, self.configuration.readDeadline))
            case .wait(let longest): action = await self.wait(&planner, upTo: min(longest, remaining))
            case .done, .fail: break
            }
        }
    }

    private func attempt(_ planner: inout WritePlanner, end: Duration) async -> WritePlanner.Action {
        do throws(SessionStoreError) {
            try await planner.write.beforeAttempt?()
            // Built after that call, which may take its time: no stale instant may take an ended session for a live one.
            guard let expression = try planner.attempt(now: self.clock.now) else { return .read }
            let remaining = end - self.clock.uptime
            guard remaining > .zero else { return planner.deadlineReached() }
            return await self.send(expression, &planner, deadline: min(remaining, self.configuration.attemptDeadline))
        } catch {
            return planner.refused(error)
        }
    }

    private func send(_ expression: Expression, _ planner: inout WritePlanner, deadline: Duration) async -> WritePlanner.Action {
        do throws(DynamoError) {
            let answer = try await self.client.updateItem(
                table: self.configuration.table, key: planner.write.key, expression, deadline: deadline)
            switch answer {
            case .applied(let item?): return planner.answered(item, now: self.clock.now)
            // UpdateItem answers with the item, always: the client made sure.
            case .applied(nil): return planner.answerLost(DynamoError.unreadableAnswer.storeError)
            case .conditionFailed(let item): return planner.conditionFailed(item, now: self.clock.now)
            case .collided: return planner.collided()
            }
        } catch {
            switch error.outcome {
            case .refused: return planner.refused(error.storeError)
            case .unknown:
                self.logger.debug("the answer of a write was lost, reading back", metadata: ["error.code": "\(error.code)"])
                return planner.answerLost(error.storeError)
            }
        }
    }

    private func readBack(_ planner: inout WritePlanner, deadline: Duration) async -> WritePlanner.Action {
        do throws(DynamoError) {
            let item = try await self.client.getItem(table: self.configuration.table, key: planner.write.key, deadline: deadline)
            return planner.itemRead(item, now: self.clock.now)
        } catch {
            return planner.readFailed(error.storeError)
        }
    }

    private func wait(_ planner: inout WritePlanner, upTo longest: Duration) async -> WritePlanner.Action {
        do {
            try await self.clock.sleep(for: max(longest, .zero) * self.random())
            return planner.waited(now: self.clock.now)
        } catch {
            return planner.refused(SessionStoreError(.cancelled, "the call was cancelled before the write was kept"))
        }
    }
}
