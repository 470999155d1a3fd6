import CoreMetrics
import Instrumentation
import Locked
import Logging
import SessionStore
import Synchronization

extension ItemReader {
    func start(_ requests: [ReadCrowd<Waiter>.Request]) {
        for request in requests {
            // A task of its own: it must outlive each of the reads that wait for it. It inherits no executor, so it is given one.
            Task(executorPreference: self.executor) { await self.run(request) }
        }
    }

    /// It is part of what its first read is part of; the task is started by whoever made room, and would be part of that.
    private func run(_ request: ReadCrowd<Waiter>.Request) async {
        let seats = self.crowd.withLock { $0.seats(of: request.id) }
        let context = request.keys.lazy.compactMap { seats[$0]?.first?.waiter.context }.first
        await ServiceContext.withValue(context) { await self.run(request, for: seats.values.joined().map(\.waiter.end)) }
    }

    /// `ends`: when the time of each read is over.
    private func run(_ request: ReadCrowd<Waiter>.Request, for ends: [Duration]) async {
        var answers: [SessionKey: Answer]? = [:]
        if let end = ends.min() {
            answers = await self.request(request.keys, deadline: end - self.clock.uptime)
            self.client.metrics.sharedRead.increment(by: Int64(max(0, ends.count - request.keys.count)))
        }
        let now = self.clock.uptime
        guard let answers else {
            let connections = self.configuration.maximumConnections
            return self.start(self.crowd.withLock { $0.separated(request.id, requests: connections, now: now) })
        }
        let (seats, next) = self.crowd.withLock { $0.ended(request.id, now: now) }
        self.start(next)
        for (key, seats) in seats {
            let answer = answers[key] ?? .failure(.unreadableAnswer)
            for seat in seats { seat.waiter.continuation.resume(returning: answer) }
        }
    }

    /// Asks for these keys, each named once; nil: several with one request are not allowed.
    func request(_ keys: [SessionKey], deadline: Duration) async -> [SessionKey: Answer]? {
        if keys.count == 1 {
            do throws(DynamoError) {
                return [keys[0]: .success(try await self.ask(keys[0], deadline))]
            } catch {
                return [keys[0]: .failure(error)]
            }
        }
        return await self.batch(keys, until: self.clock.uptime + deadline)
    }

    private func batch(_ keys: [SessionKey], until end: Duration) async -> [SessionKey: Answer]? {
        var batch = BatchRead(keys)
        var action = batch.started()
        while true {
            let remaining = end - self.clock.uptime
            switch action {
            case .done:
                self.client.metrics.batchedRead.increment(by: Int64(keys.count))
                return batch.results
            case .send(let keys):
                guard remaining > .zero else {
                    action = batch.gaveUp(.late)
                    continue
                }
                do throws(DynamoError) {
                    let answer = try await self.client.batchGetItem(table: self.configuration.table, keys: keys, deadline: remaining)
                    action = batch.answered(answer.items, unprocessed: answer.unprocessed)
                } catch {
                    if self.isRefusal(error) { return nil }
                    action = batch.gaveUp(error)
                }
            case .wait(let longest):
                let wait = longest * self.random()
                guard wait < remaining else {
                    action = batch.gaveUp(.unprocessed)
                    continue
                }
                do {
                    try await self.clock.sleep(for: wait)
                    action = batch.waited()
                } catch {
                    action = batch.gaveUp(.cancelled)
                }
            }
        }
    }

    /// Whether the error says that BatchGetItem is not for us. Said once in the log; from then on each item is read alone.
    private func isRefusal(_ error: DynamoError) -> Bool {
        guard error.code == "AccessDeniedException" || error.code == "UnknownOperationException" else { return false }
        if !self.isSeparated.exchange(true, ordering: .relaxed) {
            self.logger.notice(
                "reads are not batched: allow dynamodb:BatchGetItem on the table to save requests when many sessions are read at once",
                metadata: ["error.code": "\(error.code)"])
        }
        return true
    }
}
