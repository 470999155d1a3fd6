internal import EventLoop

/// TLS over a socket. Its handshake begins with the first `send`, which waits for it like one that the socket has no room for.
final class TLSTransport: Transport {
    var onReadiness: (Readiness) -> Void = { _ in }
    private let socket: TCPSocket
    private let channel: TLSChannel
    private let loop: UVLoop
    private var state = State.fresh
    /// The owner has something to write and was told to wait.
    private var ownerWaits = false
    /// What the next `receive` answers, once what was read before it has been handed out.
    private var ending: TransferResult?

    private enum State {
        case fresh, greeting, open, closed
    }

    /// Commands are made records of in pieces of this size; what does not leave at once waits as records, and so is never more than one piece.
    private static let pieceBytes = 256 << 10

    init(_ socket: TCPSocket, _ channel: TLSChannel, loop: UVLoop) {
        self.socket = socket
        self.channel = channel
        self.loop = loop
        // A cycle until `close`.
        socket.onReadiness = { readiness in self.socketReady(readiness) }
    }

    /// Whether the handshake is over.
    var isOpen: Bool { self.state == .open }
    /// For a log.
    var summary: String { self.channel.summary }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> TransferResult {
        var filled = 0
        while self.ending == nil, self.isOpen, filled < buffer.count {
            if self.channel.hasInput {
                switch unsafe self.channel.decrypt(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])) {
                case .bytes(let count): filled += count
                case .needsInput: break
                case .closed: self.ending = .ended
                case .failed(let error): self.ending = .broken(error)
                }
            } else if filled > 0 || !self.fill() {
                break
            }
        }
        // An answer to a KeyUpdate or a renegotiation.
        self.sendRecords()
        // The owner may have waited for the end of a renegotiation, of which no socket tells.
        if self.ownerWaits, self.isOpen, self.channel.buffers.outgoing.isEmpty { self.writeAgain() }
        guard filled > 0 else { return self.ending ?? .wouldBlock }
        if self.ending != nil || self.channel.hasInput { self.readAgain() }
        return .bytes(filled)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> TransferResult {
        switch self.state {
        case .fresh:
            self.state = .greeting
            self.greet()
            return self.ending ?? .wouldBlock
        case .greeting, .closed: return self.ending ?? .wouldBlock
        case .open: break
        }
        // What fails here also fails to be read, and reading tells why.
        if let ending = self.ending ?? self.sendRecords() { return ending }
        guard self.channel.buffers.outgoing.isEmpty else { return .wouldBlock }
        switch unsafe self.channel.encrypt(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.pieceBytes))) {
        case .bytes(let count): return self.sendRecords() ?? .bytes(count)
        case .needsInput: return self.sendRecords() ?? .wouldBlock
        case .closed: return .ended
        case .failed(let error): return .broken(error)
        }
    }

    func watch(_ interest: Readiness) {
        self.ownerWaits = interest.contains(.writable)
        self.watchSocket()
    }

    func close() {
        guard self.state != .closed else { return }
        if self.isOpen {
            self.channel.endWriting()
            self.sendRecords()
        }
        self.state = .closed
        self.onReadiness = { _ in }
        self.socket.close()
    }

    private func socketReady(_ readiness: Readiness) {
        if self.state == .greeting, readiness != [.writable] { self.greet() }
        self.sendRecords()
        guard self.isOpen || self.ending != nil else { return }
        var readiness = readiness.subtracting(.writable)
        // Not only when the socket became writable: the owner may have waited for records, too.
        if self.ownerWaits, self.channel.buffers.outgoing.isEmpty { readiness.insert(.writable) }
        if self.ending != nil { readiness.insert(.readable) }
        if !readiness.isEmpty { self.onReadiness(readiness) }
    }

    private func greet() {
        while self.ending == nil {
            switch self.channel.handshake() {
            case .bytes:
                // The last record leaves with the owner's first bytes.
                self.state = .open
                return
            case .needsInput:
                guard self.channel.hasInput || self.fill() else { return }
            case .closed: self.ending = .broken(.closedInTLSHandshake)
            case .failed(let error): self.ending = .broken(error)
            }
        }
        // An alert says why, where one side's certificate is refused.
        self.sendRecords()
        self.readAgain()
    }

    /// Takes records from the socket. False: there are none now, or no more; then `ending` says how they ended.
    private func fill() -> Bool {
        switch self.channel.buffers.fill(from: self.socket) {
        case .bytes: return true
        case .wouldBlock: return false
        case .ended: self.ending = .broken(self.isOpen ? .truncated : .closedInTLSHandshake)
        case .failed(let text): self.ending = .failed(text)
        case .broken(let error): self.ending = .broken(error)
        }
        return false
    }

    /// Writes records as far as the socket takes them. Returns why it never will again.
    @discardableResult
    private func sendRecords() -> TransferResult? {
        let outgoing = self.channel.buffers.outgoing
        var failure: TransferResult?
        while !outgoing.isEmpty {
            var result = TransferResult.wouldBlock
            unsafe outgoing.drain { bytes in
                result = unsafe self.socket.send(bytes)
                guard case .bytes(let count) = result else { return 0 }
                return count
            }
            if case .bytes = result { continue }
            if result != .wouldBlock { failure = result }
            break
        }
        self.watchSocket()
        return failure
    }

    private func watchSocket() {
        guard self.state != .closed else { return }
        self.socket.watch(self.channel.buffers.outgoing.isEmpty ? [.readable] : [.readable, .writable])
    }

    private func writeAgain() {
        self.loop.atEndOfTurn { self.onReadiness([.writable]) }
    }

    /// Has the owner read once more before the loop polls: the socket does not tell of bytes that were taken from it.
    private func readAgain() {
        self.loop.atEndOfTurn { self.onReadiness([.readable]) }
    }
}
