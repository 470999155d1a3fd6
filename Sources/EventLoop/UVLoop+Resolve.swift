import CUV
import Glibc

extension UVLoop {
    /// The addresses of a host, in the system's order of preference; a numeric host asks nobody. Runs on libuv's thread pool, never on the loop.
    /// Throws `.nameNotFound`, `.system`, `.cancelled` or `.shutDown`.
    package func resolve(host: String, port: UInt16) async throws(EventLoopError) -> [SocketAddress] {
        if let address = SocketAddress(numericHost: host, port: port) { return [address] }
        let lookup = Lookup(loop: self)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.execute { lookup.state.value.start(host: host, port: port, continuation) }
            }
        } onCancel: {
            self.execute { lookup.state.value.finish(.failure(.cancelled)) }
        }
        return try result.get()
    }
}

/// One name lookup. Whoever waits may leave before libuv's thread pool has finished with the request.
private struct Lookup: Sendable {
    typealias Answer = Result<[SocketAddress], EventLoopError>

    let state: LoopBound<State>

    init(loop: UVLoop) {
        self.state = LoopBound(State(loop: loop), loop: loop)
    }

    final class State {
        private unowned let loop: UVLoop
        private var hook: ShutdownHook?
        private var waiter: CheckedContinuation<Answer, Never>?
        private var result: Answer?

        init(loop: UVLoop) {
            self.loop = loop
        }

        func start(host: String, port: UInt16, _ waiter: CheckedContinuation<Answer, Never>) {
            if let result = self.result {
                waiter.resume(returning: result)
                return
            }
            self.waiter = waiter
            self.hook = self.loop.onShutdown { [self] in self.finish(.failure(.shutDown)) }
            if self.result != nil { return }
            var hints = unsafe addrinfo()
            unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
            let answered: uv_getaddrinfo_cb = { request, status, list in unsafe State.answered(request, status, list) }
            let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
            unsafe request.initialize(to: uv_getaddrinfo_t())
            unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
            let code = unsafe UVCode(
                rawValue: uv_getaddrinfo(self.loop.core.raw, request, answered, host, String(port), &hints))
            if code.isFailure {
                unsafe Unmanaged.passUnretained(self).release()
                unsafe request.deallocate()
                self.finish(.failure(EventLoopError(.system, "looking up a host name: \(code.text)")))
            }
        }

        private static func answered(
            _ request: UnsafeMutablePointer<uv_getaddrinfo_t>?, _ status: CInt, _ list: UnsafeMutablePointer<addrinfo>?
        ) {
            guard let request = unsafe request, let data = unsafe request.pointee.data else { return }
            let state = unsafe Unmanaged<State>.fromOpaque(data).takeRetainedValue()
            unsafe request.deallocate()
            defer { unsafe uv_freeaddrinfo(list) }
            state.finish(unsafe State.answer(UVCode(rawValue: status), list))
        }

        private static func answer(_ code: UVCode, _ list: UnsafeMutablePointer<addrinfo>?) -> Answer {
            if code.isFailure {
                return .failure(EventLoopError(.nameNotFound, "the host name cannot be resolved: \(code.text)"))
            }
            var addresses: [SocketAddress] = []
            var next = unsafe list
            while let info = unsafe next {
                if let address = unsafe info.pointee.ai_addr {
                    unsafe addresses.append(SocketAddress(copying: address, length: info.pointee.ai_addrlen))
                }
                unsafe next = info.pointee.ai_next
            }
            return .success(addresses)
        }

        func finish(_ result: Answer) {
            guard self.result == nil else { return }
            self.result = result
            self.hook?.cancel()
            self.hook = nil
            self.waiter?.resume(returning: result)
            self.waiter = nil
        }
    }
}
