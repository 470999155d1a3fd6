internal import EventLoop
internal import Locked
internal import Logging

/// What is behind a client's address: one server, or the nodes of a cluster with their connections. Loop only.
///
/// It knows of a cluster once the first connection was greeted by one. Decisions are elsewhere: what a command in trouble does in `RecoveryMachine`, who
/// has a slot in `SlotMap`, when to ask again in `RefreshRule`.
final class Cluster {
    /// CLUSTER SLOTS, not SHARDS: Redis 6.2 and every service have it, and what SHARDS tells beyond is about replicas, which are not read.
    static let question = [Array("CLUSTER".utf8), Array("SLOTS".utf8)]

    let loop: UVLoop
    private let configuration: RedisConfiguration
    private let logger: Logger
    private let credentialSource: (any RedisCredentialSource)?
    /// The time of day, as a `Duration`; see `FreezeRule`.
    let wallClock: @Sendable () -> Duration
    /// The connection to the address that the client was given.
    let entry: Connection
    /// Whether there is a cluster, or one server (or nobody knows yet).
    private(set) var isKnown = false

    private var map: SlotMap?
    /// The connections to `map.nodes`, in their order.
    private var nodes: [Connection] = []
    private var rule: RefreshRule
    private let health: Locked<RedisHealth>
    private var isClosed = false

    init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)?,
        health: Locked<RedisHealth>, wallClock: @escaping @Sendable () -> Duration
    ) {
        self.loop = loop
        self.configuration = configuration
        self.logger = logger
        self.credentialSource = credentialSource
        self.health = health
        self.wallClock = wallClock
        self.rule = RefreshRule(interval: configuration.refreshInterval)
        self.entry = Connection(
            loop: loop, configuration: configuration, logger: logger, credentialSource: credentialSource, discovers: true)
        self.entry.cluster = self
    }

    // MARK: Commands

    /// Sends a command to the node that has its key.
    func submit(_ command: some Command, timeout: Duration?, caller: Caller) {
        self.connection(to: command.routingKey.map { HashSlot(of: $0) }).submit(command, timeout: timeout, caller: caller)
    }

    /// Sends a command again.
    func resend(_ command: some Command, over route: RecoveryMachine.Route, deadline: Duration, caller: Caller) {
        let timeout = deadline - self.loop.now
        if self.isClosed { return caller.resume(.failure(.clientClosed)) }
        guard timeout > .zero else { return caller.resume(.failure(.deadlineBeforeSending)) }
        switch route {
        case .map: self.entry.submit(command, timeout: timeout, caller: caller)
        case .node(let address): self.node(at: address).submit(command, timeout: timeout, caller: caller)
        case .asking(let address):
            self.node(at: address).submit(AskingCommand(asked: command), timeout: timeout, caller: caller)
        }
    }

    /// The connection to a slot's owner; to any node where there is none, or no slot.
    private func connection(to slot: HashSlot?) -> Connection {
        if let slot, let owner = self.map?.owner(of: slot), owner < self.nodes.count { return self.nodes[owner] }
        return self.nodes.first { $0.isReady } ?? self.nodes.first ?? self.entry
    }

    private func node(at address: NodeAddress) -> Connection {
        if let known = self.nodes.first(where: { $0.address == address }) { return known }
        // A node that is only about to have slots: the next map has it, or it is forgotten with that.
        let node = self.makeNode(address)
        self.guests.append(node)
        return node
    }

    // MARK: Repairs

    /// Does for all commands what one of them found to be needed.
    func mend(_ repair: RecoveryMachine.Repair) {
        switch repair {
        case .none: break
        case .renew: if !self.isKnown { self.entry.renew() }
        case .refresh: self.refresh()
        case .moved(let slot, let address):
            self.moved(slot, to: address)
            self.refresh()
        }
    }

    private func moved(_ slot: HashSlot, to address: NodeAddress) {
        guard self.isKnown, var map = self.map, map.moved(slot, to: address) else { return }
        self.map = map
        self.fitNodes()
    }

    /// Asks for the map, unless that was done a moment ago.
    func refresh() {
        guard self.isKnown, !self.isClosed, self.rule.wanted(now: self.loop.now) else { return }
        // Any of them: one that was cut off from the others may have an old one.
        self.ask(self.nodes.filter(\.isReady).shuffled()[...])
    }

    private func ask(_ candidates: ArraySlice<Connection>) {
        guard let node = candidates.first, !self.isClosed else { return self.askEntry() }
        node.submitOwn(RawCommand(arguments: Self.question), timeout: self.configuration.connectTimeout) { outcome in
            if case .reply(let reply, _) = outcome, let map = SlotMap(reply, from: node.address), !map.nodes.isEmpty {
                self.rule.ended()
                self.install(map)
            } else {
                self.ask(candidates.dropFirst())
            }
        }
    }

    /// No node answers: the address that the client was given is asked again, and its name resolved again.
    private func askEntry() {
        guard !self.isClosed else { return }
        self.entry.open()
        switch self.entry.machine.state {
        case .connecting: break
        case .disconnected, .ready, .held, .backingOff, .closed: self.rule.ended()
        }
    }

    // MARK: What connections tell

    /// The entry was greeted by a node of a cluster.
    func discovered(_ map: SlotMap, as nodeID: String, over link: Link, _ waiting: [WaitingCommand]) {
        self.isKnown = true
        self.rule.ended()
        // Before the other nodes are opened: what is there already need not be opened.
        self.map = map
        self.fitNodes()
        let node = self.nodes.enumerated().first { index, node in
            nodeID.isEmpty ? node.address == self.entry.address : map.nodes[index].id == nodeID
        }?.element
        if node?.take(link) != true { link.transport.close() }
        self.install(map)
        for command in waiting { self.connection(to: command.slot).take(command) }
    }

    /// The entry was greeted by a server on its own.
    func discoveredNone() {
        guard self.isKnown else { return }
        self.isKnown = false
        self.rule.ended()
        let former = self.nodes + self.guests
        self.nodes = []
        self.guests = []
        self.map = nil
        for node in former { self.retire(node) }
        self.stateChanged()
    }

    /// An attempt or a link has ended.
    func ended(_ connection: Connection) {
        if connection === self.entry { return self.rule.ended() }
        if !connection.isDraining { self.refresh() }
    }

    /// Whether other nodes answer while this one does not.
    func answers(without connection: Connection) -> Bool {
        self.isKnown && self.nodes.contains { $0 !== connection && $0.isReady }
    }

    /// Somebody's state has changed: it is written down for other threads.
    func stateChanged() {
        let nodes = self.nodes.map { RedisNode(host: $0.address.host, port: $0.address.port, state: $0.state) }
        let health = self.isKnown ? RedisHealth(nodes: nodes, isClosed: self.isClosed) : RedisHealth(single: self.entry)
        self.health.withLock { $0 = health }
    }

    // MARK: Nodes

    /// Nodes that redirections named and the map does not know.
    private var guests: [Connection] = []

    private func install(_ map: SlotMap) {
        guard !self.isClosed else { return }
        if self.map != map { self.logger.debug("the slots of the Redis cluster are known anew") }
        self.map = map
        self.fitNodes()
        for guest in self.guests { self.retire(guest) }
        self.guests = []
        // Not when the first command comes for each: that one would pay for it.
        for node in self.nodes { node.open() }
        self.stateChanged()
    }

    /// Makes `nodes` what the map says: keeps those that stay, makes new ones, and lets go of the others.
    private func fitNodes() {
        guard let map = self.map else { return }
        var known = Dictionary((self.nodes + self.guests).map { ($0.address, $0) }) { first, _ in first }
        self.nodes = map.nodes.map { node in known.removeValue(forKey: node.address) ?? self.makeNode(node.address) }
        self.guests.removeAll { guest in self.nodes.contains { $0 === guest } }
        for node in known.values where !self.guests.contains(where: { $0 === node }) { self.retire(node) }
    }

    /// Everything but the address is the same for each node: user, password, time limits.
    private func makeNode(_ address: NodeAddress) -> Connection {
        var configuration = self.configuration
        configuration.host = address.host
        configuration.port = address.port
        let node = Connection(
            loop: self.loop, configuration: configuration, logger: self.logger, credentialSource: self.credentialSource, discovers: false)
        node.cluster = self
        return node
    }

    /// A node without slots: what it still owes is awaited, what waits for it goes elsewhere.
    private func retire(_ node: Connection) {
        for command in node.takeWaiting() {
            command.caller.resume(.setback(node.setback(.failed(.retired), deadline: command.deadline)))
        }
        node.drain {}
    }

    // MARK: The end

    func close() {
        self.isClosed = true
        for connection in [self.entry] + self.nodes + self.guests { connection.close() }
        self.forget()
    }

    /// Accepts no more commands, and closes when those that were accepted are answered.
    func drain(then done: @escaping () -> Void) {
        let connections = [self.entry] + self.nodes + self.guests
        self.isClosed = true
        var left = connections.count
        for connection in connections {
            connection.drain {
                left -= 1
                guard left == 0 else { return }
                self.forget()
                done()
            }
        }
    }

    private func forget() {
        self.nodes = []
        self.guests = []
        self.isKnown = false
        self.health.withLock { $0 = .closed }
    }
}
