internal import CacheStore
internal import Locked
internal import SessionStore

/// Client tracking, as near caches are told of changes: in order, late, and not at all while a connection is lost.
extension World {
    /// A key has changed: whoever has tracking is told, soon.
    func keyChanged(_ name: [UInt8]) {
        self.tellAll { $0.changed(redisKey: name) }
    }

    /// FLUSHALL.
    func everythingChanged() {
        guard self.profile.nearAge != nil else { return }
        self.mark(.nearFlushed)
        self.tellAll { $0.everythingChanged() }
    }

    private func tellAll(_ news: @escaping @Sendable (NearCache) -> Void) {
        let (nodes, tracking) = self.state.withLock { ($0.nodes, $0.tracking) }
        for node in nodes {
            guard let near = node.cache.near, let life = tracking[node.process.number] else { continue }
            self.mark(.nearInvalidation)
            let delay = self.scheduler.choose { $0.duration(.microseconds(50)...Profile.longestInvalidation) }
            self.scheduler.after(delay) {
                // What was on its way when the connection was lost never arrives.
                guard self.state.withLock({ $0.tracking[node.process.number] }) == life else { return }
                self.run(in: node) { news(near) }
            }
        }
    }

    /// A process asks for tracking, until it has it.
    func beginTracking(_ node: Node) {
        let delay = self.scheduler.choose { $0.duration(.milliseconds(1)...(.milliseconds(60))) }
        self.scheduler.after(delay) {
            guard !node.process.isDead else { return }
            guard self.isRedisReachable(from: node.process) else { return self.beginTracking(node) }
            self.state.withLock { state in
                state.trackingCount += 1
                state.tracking[node.process.number] = state.trackingCount
            }
            self.mark(.nearTrackingBack)
            self.run(in: node) { node.cache.near?.trackingBegan() }
        }
    }

    /// The connection is lost: nothing is told any more. The process finds out, at once or late.
    func loseTracking(_ process: Process) {
        guard
            let node = self.state.withLock({ state in
                state.tracking.removeValue(forKey: process.number) == nil ? nil : state.nodes.first { $0.process.number == process.number }
            })
        else { return }
        self.mark(.nearTrackingLost)
        let notice = self.scheduler.choose { random in
            random.chance(1, in: 2) ? .zero : random.duration(.zero...(.milliseconds(1500)))
        }
        self.scheduler.after(notice) {
            self.run(in: node) { node.cache.near?.trackingEnded() }
            self.beginTracking(node)
        }
    }

    /// As the process comes to it: not while it is frozen.
    private func run(in node: Node, _ work: @escaping @Sendable () -> Void) {
        guard !node.process.isDead else { return }
        Task(executorPreference: node.process.executor) { work() }
    }
}
