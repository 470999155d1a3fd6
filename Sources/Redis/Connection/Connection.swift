internal import EventLoop
internal import Locked
internal import Logging

/// The client's state on the loop: its machine, the commands that wait, and the link of the day.
///
/// Confined to the loop. Callers are resumed, never run, from here: resuming only queues their task.
///
/// It lives until `close`, which breaks the cycles of its closures: weak references would make each retain and release on the hot path
/// a slow one. The client closes it at the latest when it goes away.
final class Connection {
    let loop: UVLoop
    let configuration: RedisConfiguration
    let logger: Logger
    /// `nil`: plain TCP.
    let tls: TLSProvider?
    /// `nil`: the configuration has the credentials.
    let credentialSource: (any RedisCredentialSource)?
    /// What other threads may know about the state.
    let published: Locked<RedisConnectionState>

    var machine: ConnectionMachine {
        didSet { self.isReady = self.machine.isReady }
    }
    /// What the machine says, kept apart: reading one property of a struct in a class that others change costs a check of 80 instructions.
    private var isReady = false
    let silence: SilenceRule
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
    var shutdownHook: ShutdownHook?
    var flushScheduled = false
    /// The loop's time when this turn's first command came.
    var turnTime: Duration = .zero
    /// `self.flush`, made once: a closure per turn would be an allocation per turn.
    var flushAtEndOfTurn: () -> Void = {}
    let inputBuffer = InputBuffer()

    init(
        loop: UVLoop, configuration: RedisConfiguration, logger: Logger, credentialSource: (any RedisCredentialSource)? = nil,
        published: Locked<RedisConnectionState>
    ) {
        self.loop = loop
        self.configuration = configuration
        self.logger = logger
        self.tls = configuration.tls.map(TLSProvider.init)
        self.credentialSource = credentialSource
        self.published = published
        self.machine = ConnectionMachine(backoff: configuration.backoff, patience: configuration.commandTimeout)
        self.silence = SilenceRule(limit: configuration.silenceLimit)
        self.flushAtEndOfTurn = { self.flush() }
    }

    private func tellEnd() {
        for observer in self.observers.values { observer() }
    }

    /// Takes a command and its caller, who is resumed when its outcome is known.
    @inline(__always)
    func submit(_ command: some Command, timeout: Duration?, caller: Caller) {
        guard self.isReady else { return self.submitWithoutLink(command, timeout: timeout, caller: caller) }
        guard self.inFlight.count < self.configuration.maxInFlight else { return caller.resume(.failure(.tooManyInFlight)) }
        let size = command.sizeBound
        guard self.output.count + size <= self.configuration.maxQueuedBytes else {
            return caller.resume(.failure(size > self.configuration.maxQueuedBytes ? .commandTooLarge : .tooManyBytes))
        }
        self.scheduleFlush()
        let before = self.output.count
        command.encode(into: self.output)
        self.queuedBytes &+= UInt64(self.output.count - before)
        let deadline = self.turnTime + (timeout ?? self.configuration.commandTimeout)
        self.inFlight.append(.init(deadline: deadline, endOffset: self.queuedBytes, caller: caller))
        self.armDeadline(deadline)
    }

    @inline(__always)
    private func scheduleFlush() {
        guard !self.flushScheduled else { return }
        self.flushScheduled = true
        self.turnTime = self.loop.now
        self.loop.atEndOfTurn(self.flushAtEndOfTurn)
    }

    private func submitWithoutLink(_ command: some Command, timeout: Duration?, caller: Caller) {
        let size = command.sizeBound
        guard size <= self.configuration.maxQueuedBytes else { return caller.resume(.failure(.commandTooLarge)) }
        guard self.waiting.count < self.configuration.maxInFlight else { return caller.resume(.failure(.tooManyInFlight)) }
        guard self.waitingBytes + size <= self.configuration.maxQueuedBytes else { return caller.resume(.failure(.tooManyBytes)) }
        let now = self.loop.now
        switch self.machine.commandIssued(now: now) {
        case .refuse(let error): caller.resume(.failure(error))
        case .send, .wait:
            self.wait(command, deadline: now + (timeout ?? self.configuration.commandTimeout), caller: caller)
        case .connectAndWait(let attempt):
            self.wait(command, deadline: now + (timeout ?? self.configuration.commandTimeout), caller: caller)
            self.beginAttempt(attempt)
        }
    }

    private func wait(_ command: some Command, deadline: Duration, caller: Caller) {
        let encoded = ByteQueue(capacity: command.sizeBound)
        if !command.isSatisfiedByGreeting { command.encode(into: encoded) }
        let bytes = encoded.bytes
        self.waitingBytes += bytes.count
        self.waiting.append(WaitingCommand(deadline: deadline, bytes: bytes, caller: caller))
        self.armDeadline(deadline)
    }

    /// Hands the commands that waited to the link, in their order.
    func sendWaiting() {
        self.scheduleFlush()
        for command in self.waiting where !command.caller.hasLeft {
            if case .patient(let place) = command.caller { place.isSent = true }
            guard !command.bytes.isEmpty else {
                command.caller.resume(.reply(Handshake.greeted, epoch: self.link?.epoch ?? 0))
                continue
            }
            self.output.append(command.bytes)
            self.queuedBytes &+= UInt64(command.bytes.count)
            self.inFlight.append(
                .init(deadline: command.deadline, endOffset: self.queuedBytes, caller: command.caller))
        }
        self.waiting.removeAll()
        self.waitingBytes = 0
    }
}
