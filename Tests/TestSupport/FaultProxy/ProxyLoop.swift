import Glibc

/// What the proxy's thread runs: it waits for its sockets, the commands of the tests and the instants of the faults.
final class ProxyLoop {
    private var listener: ProxyListener
    private var upstream: Int
    private let control: ProxyControl
    private let counters: Observed<FaultProxy.Counts>
    private var counts = FaultProxy.Counts()
    private var connections: [ProxyConnection] = []
    private var fault = FaultProxy.Fault.none
    private var isOver = false

    init(listener: ProxyListener, upstream: Int, control: ProxyControl, counters: Observed<FaultProxy.Counts>) {
        (self.listener, self.upstream, self.control, self.counters) = (listener, upstream, control, counters)
    }

    /// Runs until the command to end.
    func run() {
        while !self.isOver {
            let before = Self.now
            var interests = [
                pollfd(fd: self.control.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: self.listener.listening ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            for connection in self.connections { interests += connection.interests(under: self.fault, at: before) }
            Self.wait(&interests, until: self.connections.compactMap { $0.nextInstant(after: before) }.min(), from: before)
            self.move(interests)
            if interests[1].revents != 0 { self.accept() }
            if interests[0].revents != 0 { self.obey(self.control.take()) }
            self.publish()
        }
        for connection in self.connections { connection.close(reset: true) }
        self.listener.end()
    }

    // MARK: Connections

    private func move(_ interests: [pollfd]) {
        let now = Self.now
        var rest: [ProxyConnection] = []
        for (index, connection) in self.connections.enumerated() {
            let (client, server) = (interests[2 + 2 * index].revents, interests[3 + 2 * index].revents)
            switch connection.step(client: client, server: server, under: self.fault, at: now, &self.counts) {
            case .open: rest.append(connection)
            case .ended: connection.close(reset: false)
            case .broken: connection.close(reset: true)
            case .cut:
                self.counts.cut += 1
                connection.close(reset: true)
                self.change(to: .none)
            }
        }
        self.connections = rest
    }

    private func accept() {
        guard let listening = self.listener.listening else { return }
        while true {
            let (client, server) = ChildProcess.withoutOtherLaunches { () -> (Int32, Int32?) in
                let client = Self.prepared(Glibc.accept(listening, nil, nil))
                return (client, client < 0 || self.fault == .halfOpen ? nil : self.connect())
            }
            guard client >= 0 else { return }
            self.counts.accepted += 1
            let connection = ProxyConnection(client: client, server: server)
            self.meet(connection)
            self.connections.append(connection)
        }
    }

    /// A socket on its way to the server; whether it arrives shows when it is used.
    private func connect() -> Int32? {
        let descriptor = Self.prepared(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        guard descriptor >= 0 else { return nil }
        var address = loopback(port: self.upstream)
        withUnsafeBytes(of: &address) { bytes in
            if let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) {
                _ = Glibc.connect(descriptor, pointer, socklen_t(bytes.count))
            }
        }
        return descriptor
    }

    private static func prepared(_ descriptor: Int32) -> Int32 {
        guard descriptor >= 0 else { return descriptor }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    // MARK: Faults

    private func obey(_ commands: [ProxyControl.Command]) {
        for command in commands {
            switch command {
            case .set(let fault, let continuation):
                self.change(to: fault)
                self.publish()
                continuation.resume()
            case .cut(let reset, let continuation):
                self.cutAll(reset: reset)
                self.publish()
                continuation.resume()
            case .lead(let port, let continuation):
                self.upstream = port
                continuation.resume()
            case .end:
                self.isOver = true
            }
        }
    }

    private func change(to fault: FaultProxy.Fault) {
        self.fault = fault
        switch fault {
        case .refuse:
            self.listener.refuse()
            self.cutAll(reset: true)
        case .none, .delay, .split, .slowRead, .halfOpen, .losingReplies, .cutReply:
            // The port is held: it can be listened on again.
            try? self.listener.listen()
        }
        for connection in self.connections { self.meet(connection) }
    }

    private func meet(_ connection: ProxyConnection) {
        connection.requests.hurry()
        connection.replies.hurry()
        connection.replyAllowance = nil
        switch self.fault {
        case .halfOpen:
            self.counts.swallowed += connection.requests.swallow() + connection.replies.swallow()
        case .losingReplies:
            self.counts.swallowed += connection.replies.swallow()
        case .cutReply(let count):
            connection.replyAllowance = count
        case .none, .delay, .split, .slowRead, .refuse: break
        }
    }

    private func cutAll(reset: Bool) {
        self.counts.cut += self.connections.count
        for connection in self.connections { connection.close(reset: reset) }
        self.connections = []
    }

    private func publish() {
        self.counts.open = self.connections.count
        if self.counters.value != self.counts {
            let counts = self.counts
            self.counters.change { $0 = counts }
        }
    }

    // MARK: Time

    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Up to a millisecond late.
    private static func wait(_ interests: inout [pollfd], until instant: Duration?, from now: Duration) {
        var limit: Int32 = -1
        if let instant {
            let (seconds, attoseconds) = max(.zero, instant - now).components
            limit = Int32(min(seconds, 3600)) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        }
        poll(&interests, nfds_t(interests.count), limit)
    }
}
