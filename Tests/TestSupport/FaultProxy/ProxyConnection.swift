import Glibc

/// A client, the server behind it, and the two directions between them. Only the proxy's thread touches it.
final class ProxyConnection {
    /// How a connection goes on after a step.
    enum Fate { case open, ended, broken, cut }

    let client: Int32
    /// Nil where the client was never let through.
    let server: Int32?
    var requests = ProxyStream()
    var replies = ProxyStream()
    /// How many bytes of answers are still let through.
    var replyAllowance: Int?
    private var clientEvents: Int16 = 0
    private var serverEvents: Int16 = 0

    init(client: Int32, server: Int32?) {
        (self.client, self.server) = (client, server)
        if server == nil { _ = self.requests.swallow() }
    }

    /// Closes both sides.
    func close(reset: Bool) {
        for descriptor in [self.client, self.server].compactMap({ $0 }) {
            if reset {
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            }
            Glibc.close(descriptor)
        }
    }

    /// What to wait for.
    func interests(under fault: FaultProxy.Fault, at now: Duration) -> [pollfd] {
        self.clientEvents = 0
        self.serverEvents = 0
        if self.requests.room(under: fault, at: now) > 0 { self.clientEvents |= Int16(POLLIN) }
        if self.replies.writable(under: fault, at: now) != nil { self.clientEvents |= Int16(POLLOUT) }
        if self.replies.room(under: fault, at: now) > 0 { self.serverEvents |= Int16(POLLIN) }
        if self.requests.writable(under: fault, at: now) != nil { self.serverEvents |= Int16(POLLOUT) }
        // A negative descriptor is passed over: one without interests would report a hang-up again and again.
        return [
            pollfd(fd: self.clientEvents == 0 ? -1 : self.client, events: self.clientEvents, revents: 0),
            pollfd(fd: self.serverEvents == 0 ? -1 : self.server ?? -1, events: self.serverEvents, revents: 0),
        ]
    }

    /// Reads and writes what is ready.
    func step(
        client: Int16, server: Int16, under fault: FaultProxy.Fault, at now: Duration, _ counts: inout FaultProxy.Counts
    ) -> Fate {
        let readable = Int16(POLLIN | POLLHUP | POLLERR)
        if client & readable != 0 && self.clientEvents & Int16(POLLIN) != 0 {
            guard Self.read(self.client, &self.requests, fault, now, &counts) else { return .broken }
        }
        if let descriptor = self.server {
            if server & readable != 0 && self.serverEvents & Int16(POLLIN) != 0 {
                guard Self.read(descriptor, &self.replies, fault, now, &counts) else { return .broken }
            }
            guard let sent = Self.write(descriptor, &self.requests, fault, now) else { return .broken }
            counts.requestBytes += sent
        }
        guard let sent = Self.write(self.client, &self.replies, fault, now, allowance: self.replyAllowance) else { return .broken }
        counts.replyBytes += sent
        if let allowance = self.replyAllowance {
            self.replyAllowance = allowance - sent
            if allowance == sent { return .cut }
        }
        return self.passEndsOn()
    }

    /// The next instant at which something changes without bytes or room.
    func nextInstant(after now: Duration) -> Duration? {
        [self.requests, self.replies].compactMap { $0.nextInstant(after: now) }.min()
    }

    private func passEndsOn() -> Fate {
        if self.requests.owesEnd {
            self.requests.endWasForwarded = true
            // Nobody is told of a silent connection's end: it is over.
            guard let server, !self.requests.isSwallowing else { return .ended }
            shutdown(server, Int32(SHUT_WR))
        }
        if self.replies.owesEnd {
            self.replies.endWasForwarded = true
            if !self.replies.isSwallowing { shutdown(self.client, Int32(SHUT_WR)) }
        }
        let isOver = self.requests.endWasForwarded && (self.replies.endWasForwarded || self.replies.isSwallowing)
        return isOver ? .ended : .open
    }

    /// False when the connection broke.
    private static func read(
        _ descriptor: Int32, _ stream: inout ProxyStream, _ fault: FaultProxy.Fault, _ now: Duration, _ counts: inout FaultProxy.Counts
    ) -> Bool {
        var buffer = [UInt8](repeating: 0, count: min(65536, stream.room(under: fault, at: now)))
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        if stream.isSwallowing { counts.swallowed += count }
        stream.read(Array(buffer[..<count]), under: fault, at: now)
        return true
    }

    /// How much went out; nil when the connection broke.
    private static func write(
        _ descriptor: Int32, _ stream: inout ProxyStream, _ fault: FaultProxy.Fault, _ now: Duration, allowance: Int? = nil
    ) -> Int? {
        var total = 0
        while var bytes = stream.writable(under: fault, at: now) {
            if let allowance { bytes = bytes.prefix(allowance - total) }
            if bytes.isEmpty { break }
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 {
                // A server that is still being connected to has no room either.
                if errno == EAGAIN || errno == EINTR { break }
                return nil
            }
            stream.wrote(count, under: fault, at: now)
            total += count
            // One piece a turn.
            if case .split = fault { break }
        }
        return total
    }
}
