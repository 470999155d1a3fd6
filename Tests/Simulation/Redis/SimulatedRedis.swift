internal import CacheStore
internal import Locked
internal import Redis
internal import SessionStore

/// A redis-server: it executes one command at a time, loses keys when it is told to, and may be replaced by a replica that knows less.
final class SimulatedRedis: Sendable {
    struct Key: Sendable {
        let name: [UInt8]
        var state: KeyState
    }

    struct State: Sendable {
        var keys: [Key] = []
        /// What there was, with the time: a replica that takes over may be behind. At most `pastLimit`.
        var past: [(at: Int64, keys: [Key])] = []
        /// Grows with each failover: a connection belongs to one server.
        var incarnation = 0
        var epoch: UInt64
        var hasMemory = true
    }

    static let pastLimit = 48
    private let state: Locked<State>
    private let clock: @Sendable () -> Int64
    private let weakness: WeakRule?
    private let mark: @Sendable (Mark) -> Void
    /// Client tracking: told of each key that changes.
    private let tell = Locked<(@Sendable ([UInt8]) -> Void)?>(nil)
    /// The same server with the protocol as it is, where this one is weakened: which intents ought to stand must not depend on the weakness.
    private let shadow: SimulatedRedis?

    /// A server without keys. `clock` is its own, in milliseconds; `epoch` 0: it hides which server it is.
    init(epoch: UInt64, weakness: WeakRule?, clock: @escaping @Sendable () -> Int64, mark: @escaping @Sendable (Mark) -> Void) {
        self.state = Locked(State(epoch: epoch))
        self.weakness = weakness
        self.clock = clock
        self.mark = mark
        self.shadow = weakness == nil ? nil : SimulatedRedis(epoch: epoch, weakness: nil, clock: clock, mark: { _ in })
    }

    /// Has every change of a key told.
    func tellChanges(_ tell: @escaping @Sendable ([UInt8]) -> Void) {
        self.tell.withLock { $0 = tell }
    }

    private func changed(_ name: [UInt8]) {
        let tell = self.tell.withLock { $0 }
        tell?(name)
    }

    /// The writers whose intents stand.
    func standing(_ name: [UInt8]) -> [KeyState.Writer] { (self.shadow ?? self).peek(name).intent?.writers ?? [] }

    /// Which server a connection that is opened now leads to.
    var identity: (incarnation: Int, epoch: UInt64) { self.state.withLock { ($0.incarnation, $0.epoch) } }

    /// Milliseconds of its clock.
    var time: Int64 { self.clock() }

    /// Executes GET; nil: WRONGTYPE.
    func get(_ name: [UInt8]) -> [UInt8]?? {
        let state = self.peek(name)
        if state.value == .foreign {
            self.mark(.wrongType)
            return nil
        }
        return .some(state.bytes)
    }

    /// What a key holds.
    func peek(_ name: [UInt8]) -> KeyState {
        let now = self.clock()
        return self.state.withLock { state in
            guard let index = state.index(of: name) else { return KeyState() }
            state.keys[index].state.expire(now: now)
            return state.keys[index].state
        }
    }

    /// Executes a script.
    func run(_ script: CacheScript, _ name: [UInt8], _ arguments: [[UInt8]]) -> RedisReply {
        let now = self.clock()
        _ = self.shadow?.run(script, name, arguments)
        let (before, after, reply, hasMemory) = self.state.withLock { state in
            let index = state.makeIndex(of: name)
            let before = state.keys[index].state
            let server = KeyState.Server(now: now, hasMemory: state.hasMemory, weakness: self.weakness)
            let reply = state.keys[index].state.run(script, arguments, server)
            state.remember(at: now)
            return (before, state.keys[index].state, reply, state.hasMemory)
        }
        if before != after { self.changed(name) }
        for mark in ScriptMarks.marks(script, arguments, before, after, reply, now: now, hasMemory: hasMemory) { self.mark(mark) }
        return reply
    }

    /// Executes DEL.
    func remove(_ name: [UInt8]) {
        self.shadow?.remove(name)
        self.change { state in
            guard let index = state.index(of: name) else { return }
            state.keys[index].state = KeyState()
        }
        self.changed(name)
    }

    // MARK: What befalls it

    /// Removes a key, as a server does that needs the memory.
    func evict(_ name: [UInt8]) {
        switch self.peek(name).value {
        case .none: return
        case .entry, .bad, .foreign: self.mark(.evictedEntry)
        case .lease: self.mark(.evictedLease)
        case .intent: self.mark(.evictedIntent)
        }
        self.remove(name)
    }

    /// Puts a value there, as somebody does who can write to Redis.
    func put(_ name: [UInt8], _ value: KeyState) {
        self.shadow?.put(name, value)
        self.change { state in
            let index = state.makeIndex(of: name)
            state.keys[index].state = value
        }
        self.changed(name)
    }

    /// Values of a key that there once were and that could answer.
    func pastEntries(of name: [UInt8]) -> [KeyState] {
        self.state.withLock { state in
            state.past.compactMap { past in
                past.keys.first { $0.name == name }.flatMap { key in
                    if case .entry = key.state.value { key.state } else { nil }
                }
            }
        }
    }

    /// Removes all keys.
    func flush() {
        self.shadow?.flush()
        self.change { $0.keys = [] }
    }

    /// Whether SET finds memory.
    func setMemory(_ hasMemory: Bool) {
        self.shadow?.setMemory(hasMemory)
        self.state.withLock { $0.hasMemory = hasMemory }
    }

    /// Another server takes over, with what it knew `lag` ago. `epoch` is its own.
    func failOver(lag: Duration, epoch: UInt64) {
        self.shadow?.failOver(lag: lag, epoch: epoch)
        let limit = self.clock() - lag.wholeMilliseconds
        self.state.withLock { state in
            state.keys = state.past.last { $0.at <= limit }?.keys ?? state.past.first?.keys ?? []
            state.incarnation += 1
            state.epoch = epoch
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let now = self.clock()
        self.state.withLock { state in
            body(&state)
            state.remember(at: now)
        }
    }
}

extension SimulatedRedis.State {
    func index(of name: [UInt8]) -> Int? { self.keys.firstIndex { $0.name == name } }

    mutating func makeIndex(of name: [UInt8]) -> Int {
        if let index = self.index(of: name) { return index }
        self.keys.append(SimulatedRedis.Key(name: name, state: KeyState()))
        return self.keys.count - 1
    }

    mutating func remember(at now: Int64) {
        if self.past.count == SimulatedRedis.pastLimit { self.past.removeFirst(SimulatedRedis.pastLimit / 2) }
        self.past.append((now, self.keys))
    }
}
