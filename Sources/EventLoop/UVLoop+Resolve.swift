import CUV
import Glibc

extension UVLoop {
    /// The addresses of a host, in the system's order of preference; a numeric host asks nobody. Runs on libuv's thread pool, never on the loop.
    /// Throws `.nameNotFound`, `.system`, `.cancelled` or `.shutDown`.
    package func resolve(host: String, port: UInt16) async throws(EventLoopError) -> [SocketAddress] {
        if let address = SocketAddress(numericHost: host, port: port) { return [address] }
        return try await LoopWaiter<[SocketAddress]>.wait(on: self) { waiter in
            NameLookup.start(host: host, port: port, core: self.core) { waiter.finish($0) }
            // libuv's thread pool finishes with the request by itself; nobody may be waiting any more.
            return {}
        }
    }
}

/// One request to libuv's thread pool.
private final class NameLookup {
    typealias Answer = Result<[SocketAddress], EventLoopError>

    private let answer: (Answer) -> Void

    private init(_ answer: @escaping (Answer) -> Void) {
        self.answer = answer
    }

    static func start(host: String, port: UInt16, core: LoopCore, _ answer: @escaping (Answer) -> Void) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        let answered: uv_getaddrinfo_cb = { request, status, list in unsafe NameLookup.answered(request, status, list) }
        let lookup = unsafe Unmanaged.passRetained(NameLookup(answer))
        let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
        unsafe request.initialize(to: uv_getaddrinfo_t())
        unsafe request.pointee.data = lookup.toOpaque()
        let code = unsafe UVCode(rawValue: uv_getaddrinfo(core.raw, request, answered, host, String(port), &hints))
        if code.isFailure {
            unsafe lookup.release()
            unsafe request.deallocate()
            answer(.failure(EventLoopError(.system, "looking up a host name: \(code.text)")))
        }
    }

    private static func answered(
        _ request: UnsafeMutablePointer<uv_getaddrinfo_t>?, _ status: CInt, _ list: UnsafeMutablePointer<addrinfo>?
    ) {
        guard let request = unsafe request, let data = unsafe request.pointee.data else { return }
        let lookup = unsafe Unmanaged<NameLookup>.fromOpaque(data).takeRetainedValue()
        unsafe request.deallocate()
        defer { unsafe uv_freeaddrinfo(list) }
        lookup.answer(unsafe Self.addresses(UVCode(rawValue: status), list))
    }

    private static func addresses(_ code: UVCode, _ list: UnsafeMutablePointer<addrinfo>?) -> Answer {
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
}
