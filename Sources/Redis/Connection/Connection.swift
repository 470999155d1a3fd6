internal import EventLoop
internal import Locked
internal import Logging

/// The way to one address: its machine, the commands that wait, and the link of the day.
///
/// A client has one for the address that it was given. If that turns out to belong to a cluster, there is one more for each node with slots, and the
/// first one is left without a link: its commands go where the `Cluster` says. So a single server costs nothing for the sake of clusters.
///
/// Confined to the loop. Callers are resumed, never run, from here: resuming only queues their task.
///
/// It lives until `close`, which breaks the cycles of its closures: weak references would make each retain and release on the hot path
/// a slow one. The client closes it at the latest when it goes away.
final class Connection {
    let loop: UVLoop
    let configuration: RedisConfiguration
    let logger: Logger
    let metrics = RedisMetrics()
    /// `nil`: plain TCP.
    let tls: TLSProvider?
    /// `nil`: the configuration has the credentials.
    let credentialSource: (any RedisCredentialSource)?
    let address: NodeAddress
    /// Whether it asks whoever answers for a cluster, as the first one does.
    let discovers: Bool
    /// Who is told what happens; nil once closed.
    var cluster: Cluster?
    /// What it is doing, for those who ask.
    var state = RedisConnectionState.disconnected
    /// Whether it counts as open.
    var isCounted = false

    var machine: ConnectionMachine {
        didSet { self.isReady = self.machine.isReady && !self.isDraining }
    }
    /// What the machine says, kept apart: reading one property of a struct in a class that others change costs a check of 80 instructions.
    private(set) var isReady = false
    let silence: SilenceRule
    var freeze: FreezeRule
    /// Commands that went to the link.
    let inFlight = CommandQueue<Caller>()
    /// Commands that wait for a link.
    var waiting: [WaitingCommand] = []
    var waitingBytes = 0
    /// What is to be written at the end of this turn.
    let output = ByteQueue()
    /// Bytes of commands put into `output` since the link came up.
    var queuedBytes: UInt64 = 0
    var link: Link? {
        didSet { if self.link == nil { self.tellEnd() } }
    }
    /// Told when a link ends.
    var observers: [UInt64: () -> Void] = [:]
    /// Given what a subscription brings; such a message is no reply.
    var onMessage: ((RedisReply) -> Void)?
    var dialer: Dialer?

    var attemptTimer: LoopTimer?
    var deadlineTimer: LoopTimer?
    var deadlineArmed: Duration?
    /// When the connection last looked at those who wait.
    var lastLook: Duration = .zero
    /// When the link authenticates again; `nil` where it never has to.
    var reauthentication: ReauthenticationMachine?
    var reauthenticationTimer: LoopTimer?
    var shutdownHook: ShutdownHook?
    var flushScheduled = false
    /// The loop's time when this turn's first command came.
    var turnTime: Duration = .zero
    /// `self.flush`, made once: a closure per turn would be an allocation per turn.
    var flushAtEndOfTurn: () -> Void = {}
    let inputBuffer = InputBuffer()

    /// The link is to be replaced, or everything closed, as soon as what was accepted is answered.
    var isWindingDown = false
    /// No command is accepted any more.
    var isDraining = false {
        didSet { self.isReady = self.machine.isReady && !self.isDraining }
    }
    var drainTimer: LoopTimer?
    var whenDrained: [() -> Void] = []

    init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)? = nil,
        discovers: Bool
    ) {
        self.loop = loop
        self.configuration = configuration
        self.logger = logger
        self.tls = configuration.tls.map(TLSProvider.init)
        self.credentialSource = credentialSource
        self.address = NodeAddress(host: configuration.host, port: configuration.port)
        self.discovers = discovers
        self.machine = ConnectionMachine(backoff: configuration.backoff, patience: configuration.commandTimeout)
        self.silence = SilenceRule(limit: configuration.silenceLimit)
        self.freeze = FreezeRule(idleLimit: configuration.checkAfterIdle)
        self.flushAtEndOfTurn = { self.flush() }
    }

    private func tellEnd() {
        for observer in self.observers.values { observer() }
    }

    /// Takes a command and its caller, who is resumed when its outcome is known.
    @inline(__always)
    func submit<Given: Command>(_ command: Given, timeout: Duration?, caller: Caller) {
        guard self.isReady else { return self.submitWithoutLink(command, timeout: timeout, caller: caller) }
        guard self.inFlight.count < self.configuration.maxInFlight else { return caller.resume(.failure(.tooManyInFlight)) }
        let size = command.sizeBound
        guard self.output.count + size <= self.configuration.maxQueuedBytes else {
            return caller.resume(.failure(size > self.configuration.maxQueuedBytes ? .commandTooLarge : .tooManyBytes))
        }
        if !self.flushScheduled {
            guard self.beginTurn() else { return self.submitWithoutLink(command, timeout: timeout, caller: caller) }
        }
        let before = self.output.count
        command.encode(into: self.output)
        self.queuedBytes &+= UInt64(self.output.count - before)
        let deadline = self.turnTime + (timeout ?? self.configuration.commandTimeout)
        for _ in 0..<Given.leadingReplies { self.inFlight.append(.init(deadline: deadline, endOffset: self.queuedBytes, caller: nil)) }
        self.inFlight.append(.init(deadline: deadline, endOffset: self.queuedBytes, caller: caller))
        self.armDeadline(deadline)
    }

    /// The first command of this turn. Answers whether the link may carry it.
    @inline(__always)
    private func beginTurn() -> Bool {
        self.turnTime = self.loop.now
        if self.inFlight.isEmpty, self.isSuspect() { return false }
        self.flushScheduled = true
        self.loop.atEndOfTurn(self.flushAtEndOfTurn)
        return true
    }

    func scheduleFlush() {
        guard !self.flushScheduled else { return }
        self.flushScheduled = true
        self.turnTime = self.loop.now
        self.loop.atEndOfTurn(self.flushAtEndOfTurn)
    }
}
