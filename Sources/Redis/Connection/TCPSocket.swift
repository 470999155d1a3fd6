internal import EventLoop
internal import Glibc

/// A non-blocking TCP socket on the loop.
final class TCPSocket: Transport {
    var onReadiness: (Readiness) -> Void = { _ in }
    private let descriptor: Int32
    private var watcher: LoopDescriptor?

    /// Starts to connect. Writable readiness tells the end of it, `connectError` how it went.
    init(connectingTo address: SocketAddress, loop: UVLoop) throws(RedisError) {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .noConnection(underlying: Self.text(errno)) }
        self.descriptor = descriptor
        Self.configure(descriptor)
        let result = unsafe address.withSockaddr { pointer, length in unsafe connect(descriptor, pointer, length) }
        if result != 0, errno != EINPROGRESS {
            let text = Self.text(errno)
            Glibc.close(descriptor)
            throw .noConnection(underlying: text)
        }
        do {
            self.watcher = try LoopDescriptor(loop, descriptor: descriptor) { readiness in self.onReadiness(readiness) }
        } catch {
            Glibc.close(descriptor)
            throw .noConnection(underlying: error.description)
        }
    }

    /// `nil` if the connection stands, else the system's text.
    var connectError: String? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // getsockopt(2) writes an int for SO_ERROR.
        guard unsafe getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return Self.text(errno) }
        return code == 0 ? nil : Self.text(code)
    }

    func watch(_ interest: Readiness) {
        self.watcher?.watch(interest)
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> TransferResult {
        let count = unsafe recv(self.descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        return count == 0 ? .ended : Self.failure(errno)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> TransferResult {
        // MSG_NOSIGNAL: a peer that is gone is an error here, not a SIGPIPE.
        let count = unsafe Glibc.send(self.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return count >= 0 ? .bytes(count) : Self.failure(errno)
    }

    func close() {
        guard let watcher = self.watcher.take() else { return }
        self.onReadiness = { _ in }
        let descriptor = self.descriptor
        watcher.close { Glibc.close(descriptor) }
    }

    private static func failure(_ code: Int32) -> TransferResult {
        code == EAGAIN || code == EINTR ? .wouldBlock : .failed(self.text(code))
    }

    private static func configure(_ descriptor: Int32) {
        // One write per turn is all the batching there is to do: Nagle's would only add a delay. Keepalive ends idle connections to peers
        // that vanished; a busy one is ended by the silence rule. Neither is needed for being right, so failures do not matter.
        var on: Int32 = 1
        var idle: Int32 = 30
        var interval: Int32 = 5
        var probes: Int32 = 3
        var unacknowledged: UInt32 = 10_000
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, size)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, &idle, size)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, &interval, size)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, &probes, size)
        // Milliseconds for which bytes may stay unacknowledged: the system's own limit is a quarter of an hour.
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &unacknowledged, size)
    }

    private static func text(_ code: Int32) -> String {
        var text = [CChar](repeating: 0, count: 128)
        // strerror_r(3), XSI form: writes a terminated text of at most `count` bytes.
        guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
