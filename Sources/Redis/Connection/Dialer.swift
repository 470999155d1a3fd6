internal import EventLoop

/// One attempt at a TCP connection: resolves the name and tries the addresses in order, each with its share of the time that is left.
final class Dialer {
    private let loop: UVLoop
    private let host: String
    private let port: UInt16
    private let deadline: Duration
    private var completion: ((Result<TCPSocket, RedisError>) -> Void)?
    private var addresses: ArraySlice<SocketAddress> = []
    private var socket: TCPSocket?
    private var timer: LoopTimer?
    private var lastError = RedisError.noConnection(underlying: nil)

    /// - Parameter completion: called once on the loop, unless `cancel` comes first.
    init(loop: UVLoop, host: String, port: Int, timeout: Duration, completion: @escaping (Result<TCPSocket, RedisError>) -> Void) {
        self.loop = loop
        self.host = host
        self.port = UInt16(clamping: port)
        self.deadline = loop.now + timeout
        self.completion = completion
    }

    func start() {
        let bound = LoopBound(self, loop: self.loop)
        let (loop, host, port) = (self.loop, self.host, self.port)
        Task(executorPreference: loop) {
            do throws(EventLoopError) {
                let addresses = try await loop.resolve(host: host, port: port)
                bound.value.resolved(addresses)
            } catch {
                bound.value.notResolved(error)
            }
        }
    }

    /// Ends the attempt without a word.
    func cancel() {
        self.completion = nil
        self.socket?.close()
        self.socket = nil
        self.timer?.close()
        self.timer = nil
    }

    private func resolved(_ addresses: [SocketAddress]) {
        guard self.completion != nil else { return }
        self.addresses = addresses[...]
        self.tryNext()
    }

    private func notResolved(_ error: EventLoopError) {
        self.finish(
            .failure(
                RedisError(
                    .unavailable, "The host name of Redis cannot be resolved; check the name in the URL and the network's DNS.",
                    underlying: error.description)))
    }

    private func tryNext() {
        while let address = self.addresses.popFirst() {
            do throws(RedisError) {
                let socket = try TCPSocket(connectingTo: address, loop: self.loop)
                self.socket = socket
                socket.onReadiness = { [weak self] _ in self?.attemptEnded() }
                socket.watch([.writable])
                self.armTimer(shares: self.addresses.count + 1)
                return
            } catch {
                self.lastError = error
            }
        }
        self.finish(.failure(self.lastError))
    }

    private func attemptEnded() {
        guard let socket = self.socket else { return }
        if let text = socket.connectError {
            self.giveUp(.noConnection(underlying: text))
        } else {
            self.socket = nil
            socket.watch([])
            self.finish(.success(socket))
        }
    }

    private func giveUp(_ error: RedisError) {
        self.lastError = error
        self.socket?.close()
        self.socket = nil
        self.tryNext()
    }

    private func armTimer(shares: Int) {
        let timer = self.timer ?? LoopTimer(self.loop) { [weak self] in self?.giveUp(.connectDeadline) }
        self.timer = timer
        timer.arm(after: max(.milliseconds(1), (self.deadline - self.loop.now) / shares))
    }

    private func finish(_ result: Result<TCPSocket, RedisError>) {
        let completion = self.completion.take()
        self.cancel()
        completion?(result)
    }
}
