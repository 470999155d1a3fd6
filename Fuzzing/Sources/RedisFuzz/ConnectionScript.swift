import Logging

@testable import EventLoop
@testable import Redis

/// Plays an input: each byte is a step, some with bytes behind them.
///
/// The server answers each command with its number, unless the input has it send something else. So a reply that reaches another caller is noticed.
final class ConnectionScript {
    private struct Call {
        var answers = 0
        var outcome: CommandOutcome?
    }

    private var script: ArraySlice<UInt8>
    private let loop: UVLoop
    private let connection: Connection
    private var transport = FakeTransport()
    private var calls: [Call] = []
    private var tasks: [Task<Void, Never>] = []
    /// Whether a server has sent anything but the answers that it owes: then nobody can say whose reply is whose.
    private var isHostile = false

    init(_ script: [UInt8], loop: UVLoop) {
        var configuration = RedisConfiguration()
        configuration.maxInFlight = 24
        configuration.maxReplyBytes = 2048
        configuration.maxReplyElements = 1024
        configuration.silenceLimit = .nanoseconds(1)
        configuration.backoff.initial = .seconds(3600)
        configuration.backoff.maximum = .seconds(3600)
        self.script = script[...]
        self.loop = loop
        self.connection = Connection(
            loop: loop, configuration: configuration, logger: Logger(label: "fuzz", factory: { _ in SwiftLogNoOpLogHandler() }),
            discovers: false)
    }

    func play() async {
        self.open()
        while let step = self.script.popFirst() { await self.take(step) }
        self.connection.close()
        for task in self.tasks { await task.value }
        check(self.calls.allSatisfy { $0.answers == 1 }, "a caller was not answered once")
        check(self.transport.closings <= 1, "a transport is closed twice")
    }

    private func take(_ step: UInt8) async {
        let argument = Int(step >> 4)
        switch step & 15 {
        case 0, 1, 2: self.call(timeout: argument == 15 ? .nanoseconds(1) : nil)
        case 3: self.connection.flush()
        case 4, 5: self.answer(argument + 1, inPieces: false)
        case 6: self.answer(argument + 1, inPieces: true)
        case 7, 8:
            self.isHostile = true
            self.arrive(Array(self.script.prefix(argument * 4)))
            self.script = self.script.dropFirst(argument * 4)
        case 9: self.tasks.dropFirst(argument).first?.cancel()
        case 10: self.connection.look()
        case 11: self.transport.room = argument * 8
        case 12:
            self.transport.room = nil
            if let link = self.connection.link { self.connection.writable(link) }
        case 13:
            self.transport.hasEnded = true
            self.read()
        case 14:
            self.transport.isBroken = argument < 8
            self.connection.flush()
        default:
            await Task.yield()
            if argument > 8 { self.open() }
        }
    }

    /// Has a link where there is none, as if an attempt to connect had come so far.
    private func open() {
        guard self.connection.link == nil, self.connection.machine.state != .closed,
            case .connectAndWait = self.connection.machine.commandIssued(now: .seconds(1_000_000_000)),
            let decoder = ReplyDecoder(limits: self.connection.configuration.replyLimits)
        else { return }
        self.transport = FakeTransport()
        let handshake = Handshake(credentials: nil, database: 0, discovers: false)
        self.connection.link = Link(transport: self.transport, decoder: decoder, handshake: handshake, now: self.loop.now)
        for command in handshake.commands { self.connection.output.appendCommand(command) }
        self.connection.flush()
    }

    /// The server answers the next commands that it has read.
    private func answer(_ count: Int, inPieces: Bool) {
        var bytes: [UInt8] = []
        for _ in 0..<count {
            guard let command = self.transport.nextCommand() else { break }
            switch command {
            case "PING": bytes += Array("+PONG\r\n".utf8)
            case "server", "replication": bytes += Array("$9\r\nrun_id:ab\r\n".utf8)
            default: bytes += Array(":\(command)\r\n".utf8)
            }
        }
        guard inPieces else { return self.arrive(bytes) }
        for byte in bytes { self.arrive([byte]) }
    }

    private func arrive(_ bytes: [UInt8]) {
        self.transport.arriving += bytes
        self.read()
    }

    private func read() {
        // As often as a socket would say that there is something.
        while let link = self.connection.link, link.transport === self.transport {
            self.connection.readable(link)
            if self.transport.arriving.isEmpty { return }
        }
    }

    private func call(timeout: Duration?) {
        // A command without a link would dial.
        if self.connection.machine.state == .disconnected { self.open() }
        let number = self.calls.count
        self.calls.append(Call())
        let script = LoopBound(self, loop: self.loop)
        self.tasks.append(
            Task.immediate(executorPreference: self.loop) {
                var outcome = await unsafe withUnsafeContinuation { continuation in
                    unsafe script.value.connection.submit(
                        RawCommand(arguments: [Array("ECHO".utf8), Array("\(number)".utf8)]), timeout: timeout,
                        caller: .prompt(continuation, looks: 0))
                }
                if case .late(let command) = outcome { outcome = await command.outcome() }
                script.value.answered(number, outcome)
            })
    }

    private func answered(_ number: Int, _ outcome: CommandOutcome) {
        self.calls[number].answers += 1
        if !self.isHostile, case .reply(.integer(let reply), _) = outcome {
            check(reply == Int64(number), "a caller got another's reply")
        }
    }
}
