package import EventLoop
import Locked
package import SessionStore
import Synchronization

/// One process's part of a load, on a store. It verifies what it is answered.
package final class LoadRun: Sendable {
    private let store: any SessionStore
    private let plan: LoadPlan
    private let ledgers: Ledgers
    private let loop: UVLoop
    /// Which of so many processes this is.
    private let worker: (number: Int, of: Int)
    private let keys: LoadKeys
    private let recorder = LoadRecorder()
    private let writes = Atomic<UInt64>(0)
    private let isStopped = Atomic<Bool>(false)
    /// When it was stopped first (`MonotonicTime`).
    private let stoppedAt = Atomic<Int64>(0)
    private let arrivals = Locked<Arrivals?>(nil)

    /// A part of the load that `plan` describes as a whole; `store` is used from `loop`.
    package init(_ plan: LoadPlan, on store: any SessionStore, ledgers: Ledgers, loop: UVLoop, worker: (number: Int, of: Int) = (0, 1)) {
        self.store = store
        self.plan = worker.of == 1 ? plan : plan.share(worker.number, of: worker.of)
        self.ledgers = ledgers
        self.loop = loop
        self.worker = worker
        self.keys = LoadKeys(prefix: plan.prefix, count: plan.sessions)
    }

    /// What one process tells while it works.
    package enum News: Sendable {
        /// So many more sessions were filled.
        case filled(Int)
        /// What ended in that second.
        case second(Int, Interval)
        /// What was judged before anything counted.
        case before(Interval)
    }

    /// Ends it in order: what is under way is waited for, nothing more begins.
    package func stop() {
        if !self.isStopped.exchange(true, ordering: .relaxed) { self.stoppedAt.store(MonotonicTime.now, ordering: .relaxed) }
        self.arrivals.withLock { $0 }?.end()
    }

    private var stopped: Bool { self.isStopped.load(ordering: .relaxed) }

    // MARK: - Filling

    /// Writes each session of this process's share once.
    package func fill(_ tell: @escaping @Sendable (News) -> Void) async {
        await self.each(of: tell) { session in await self.write(session, since: MonotonicTime.now) }
    }

    /// Deletes each session of this process's share.
    ///
    /// Who ends a load early wants to be rid of them all the same.
    package func clean(_ tell: @escaping @Sendable (News) -> Void) async {
        self.isStopped.store(false, ordering: .relaxed)
        await self.each(of: tell) { session in await self.delete(session, since: MonotonicTime.now) }
    }

    private func each(of tell: @escaping @Sendable (News) -> Void, _ body: @escaping @Sendable (Int) async -> Void) async {
        let next = Atomic<Int>(self.worker.number)
        let (count, step) = (self.plan.sessions, self.worker.of)
        await self.inParallel { _ in
            while !self.stopped {
                let session = next.add(step, ordering: .relaxed).oldValue
                guard session < count else { return }
                await body(session)
                tell(.filled(1))
                await Task.yield()
            }
        }
        tell(.before(self.recorder.take().before))
    }

    // MARK: - The load

    /// How long it counted, and the processor's time in that.
    package struct Span: Sendable {
        package var duration: Duration
        package var processorTime: Duration

        package init(duration: Duration, processorTime: Duration) {
            (self.duration, self.processorTime) = (duration, processorTime)
        }
    }

    /// Does it, and tells at least each second what came of it. Throws when the system has no descriptors left.
    package func run(_ tell: @escaping @Sendable (News) -> Void) async throws -> Span {
        try await withTaskExecutorPreference(self.loop) { try await self.measure(tell) }
    }

    private func measure(_ tell: @escaping @Sendable (News) -> Void) async throws -> Span {
        let begin = MonotonicTime.now
        let countsFrom = begin + self.plan.warmUp.nanoseconds
        self.recorder.countFrom(countsFrom)
        if case .open(let rate) = self.plan.pacing {
            let arrivals = try Arrivals(perSecond: rate, from: begin, on: self.loop)
            self.arrivals.withLock { $0 = arrivals }
        }
        let processorTime = Locked(MonotonicTime.processorTime)
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: self.loop) {
                try? await self.loop.sleep(for: self.plan.warmUp)
                processorTime.withLock { $0 = MonotonicTime.processorTime }
                if case .duration(let duration) = self.plan.bound {
                    try? await self.loop.sleep(for: duration)
                    self.stop()
                }
            }
            group.addTask(executorPreference: self.loop) {
                while (try? await self.loop.sleep(for: .milliseconds(250))) != nil { self.report(tell) }
            }
            await self.operate(from: countsFrom)
            self.stop()
            group.cancelAll()
        }
        self.report(tell)
        // What is under way then is waited for, and is little: that time is not the load's.
        let end = max(self.stoppedAt.load(ordering: .relaxed), countsFrom)
        return Span(duration: .nanoseconds(end - countsFrom), processorTime: MonotonicTime.processorTime - processorTime.withLock { $0 })
    }

    private func report(_ tell: (News) -> Void) {
        let (seconds, before) = self.recorder.take()
        for (second, interval) in seconds.sorted(by: { $0.key < $1.key }) { tell(.second(second, interval)) }
        tell(.before(before))
    }

    private static let turnsWithoutRest = 64

    private func operate(from countsFrom: Int64) async {
        let left: Atomic<Int>
        if case .operations(let count) = self.plan.bound { left = Atomic(count) } else { left = Atomic(.max) }
        var end = Int64.max
        if case .duration(let duration) = self.plan.bound { end = countsFrom + duration.nanoseconds }
        let arrivals = self.arrivals.withLock { $0 }
        await self.inParallel { [end] task in
            var source = OperationSource(self.plan, task: task)
            for turn in 1... {
                if self.stopped { return }
                // A store in memory never has anybody wait, and would keep the loop's thread.
                if turn.isMultiple(of: Self.turnsWithoutRest) { await Task.yield() }
                let start: Int64
                if let arrivals {
                    guard let intended = await arrivals.wait() else { return }
                    start = intended
                } else {
                    start = MonotonicTime.now
                }
                if start >= end { return self.stop() }
                // The warm-up does not use up the count.
                if start >= countsFrom, left.subtract(1, ordering: .relaxed).oldValue <= 0 { return self.stop() }
                await self.perform(source.next(), since: start)
            }
        }
    }

    private func inParallel(_ body: @escaping @Sendable (Int) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<self.plan.concurrency {
                group.addTask(executorPreference: self.loop) { await body(task) }
            }
        }
    }

    // MARK: - Operations

    private func perform(_ operation: LoadOperation, since start: Int64) async {
        switch operation.kind {
        case .read: await self.read(operation.session, since: start)
        case .write: await self.write(operation.session, since: start)
        case .delete: await self.delete(operation.session, since: start)
        }
    }

    private func read(_ session: Int, since start: Int64) async {
        let glance = self.ledgers.with(session) { $0.begin() }
        do throws(SessionStoreError) {
            let found = try await self.store.read(SessionRead(self.keys[session]))
            let now = Self.sharedTime
            let content = found.map { LoadContent($0.data) }
            let (lane, verdict) = self.ledgers.with(session) { ledger -> (Lane, Ledger.Verdict) in
                guard let found, let content else { return (.absent, ledger.judgeAbsence(glance, now: now)) }
                let verdict = ledger.judge(glance, version: found.version?.rawValue, content: content, session: session, now: now)
                switch found.origin {
                case .table: return (.table, verdict)
                case .cache: return (.cache, verdict)
                // It says of itself that it may be old.
                case .stale: return (.stale, verdict == .wrong(.stale) ? .older : verdict)
                }
            }
            self.recorder.answered(lane, since: start, verdict)
        } catch {
            self.recorder.failed(error, since: start)
        }
    }

    private func write(_ session: Int, since start: Int64) async {
        let number = UInt64(self.worker.number) << 48 | self.writes.add(1, ordering: .relaxed).newValue
        let data = LoadContent(session: session, number: number).data(bytes: self.plan.valueBytes)
        let glance = self.ledgers.with(session) { $0.begin() }
        do throws(SessionStoreError) {
            let result = try await self.store.write(SessionWrite(self.keys[session], .update(set: data, remove: [])))
            let until = self.olderUntil(result)
            let verdict = self.ledgers.with(session) {
                $0.wrote(glance, version: result.version?.rawValue, number: number, olderUntil: until)
            }
            self.recorder.answered(.write, since: start, verdict)
        } catch {
            self.recorder.failed(error, since: start)
        }
    }

    private func delete(_ session: Int, since start: Int64) async {
        let glance = self.ledgers.with(session) { $0.begin(isDelete: true) }
        do throws(SessionStoreError) {
            let result = try await self.store.write(SessionWrite(self.keys[session], .delete))
            let (now, until) = (Self.sharedTime, self.olderUntil(result))
            let verdict = self.ledgers.with(session) { ledger -> Ledger.Verdict in
                if result.changed {
                    ledger.deleted(version: result.version?.rawValue, olderUntil: until)
                    return .right
                }
                defer { ledger.foundNothingToDelete() }
                return ledger.judgeAbsence(glance, now: now, isDelete: true)
            }
            self.recorder.answered(.delete, since: start, verdict)
        } catch {
            self.ledgers.with(session) { $0.failedToDelete(mayBeDone: error.code == .outcomeUnknown) }
            self.recorder.failed(error, since: start)
        }
    }

    /// Milliseconds of a clock that all processes share.
    private static var sharedTime: Int64 { MonotonicTime.now / 1_000_000 }

    private func olderUntil(_ result: WriteResult) -> Int64? {
        let time = result.cache == .pending ? max(self.plan.staleness, self.plan.lag) : self.plan.lag
        return time > .zero ? Self.sharedTime + time.wholeMilliseconds : nil
    }
}
