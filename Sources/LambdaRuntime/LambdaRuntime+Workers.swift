import EventLoop
import HTTP
import Instrumentation
import Locked
import Logging
import Spans

extension LambdaRuntime {
    /// One worker for each invocation that may be under way: each takes one, answers it, takes the next.
    func runWorkers() async -> Result<Void, LambdaRuntimeError> {
        guard self.concurrency > 1 else { return await self.runWorker() }
        return await withTaskGroup(of: Result<Void, LambdaRuntimeError>.self) { group in
            for _ in 0..<self.concurrency {
                group.addTask(executorPreference: self.loop) { await self.runWorker() }
            }
            var end: Result<Void, LambdaRuntimeError> = .success(())
            for await result in group {
                // Where one finds no runtime API, none does: the rest finish what they have.
                if case .failure = result, case .success = end {
                    end = result
                    self.shutdown()
                }
            }
            return end
        }
    }

    private func runWorker() async -> Result<Void, LambdaRuntimeError> {
        do throws(LambdaRuntimeError) {
            return .success(try await self.takeInvocations())
        } catch {
            return .failure(error)
        }
    }

    private func takeInvocations() async throws(LambdaRuntimeError) {
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

    private var isStopping: Bool {
        self.stopping.withLock { $0 }
    }

    /// Nil: shut down.
    private func nextInvocation() async -> Result<HTTPAnswer, HTTPError>? {
        guard !self.isStopping else { return nil }
        // A shutdown ends this call, and not the task, which may have an answer to send.
        do throws(HTTPError) { return .success(try await self.api.next()) } catch { return .failure(error) }
    }

    private func handle(_ invocation: Invocation) async {
        let context = invocation.context
        // The variable is the process's: of several invocations it could only name one.
        if self.concurrency == 1 { TraceEnvironment.set(context.traceID) }
        await ServiceContext.withValue(.invocation(context)) {
            switch await self.outcome(of: invocation) {
            case .answer(let bytes):
                await self.deliver(.answer(bytes), context)
            case .failure(let report):
                context.logger.error("invocation failed", metadata: ["error": .string(report.type)])
                await self.deliver(.failure(report), context)
            case .late:
                context.logger.error("invocation given up: its handler does not end in time")
                await self.deliver(.failure(.late), context)
            }
        }
    }

    /// What the handler makes of an event. Its span ends before the answer leaves: the process may be frozen as soon as it has.
    private func outcome(of invocation: Invocation) async -> InvocationRace.Outcome {
        guard let spans = self.spans else { return await self.race(invocation) }
        return await spans.record(.invocation) { span in
            span.set(.invocationID, invocation.context.requestID)
            let outcome = await self.race(invocation)
            switch outcome {
            case .answer: break
            case .failure(let report): span.fail(report.type)
            case .late: span.fail(FailureReport.late.type)
            }
            return outcome
        }
    }

    private func race(_ invocation: Invocation) async -> InvocationRace.Outcome {
        let race = InvocationRace(loop: self.loop, reserve: self.deadlineReserve)
        let handler = self.handler
        let (event, context) = (invocation.event, invocation.context)
        return await race.run(within: context.timeLeft) { try await handler(event, context) }
    }
}
