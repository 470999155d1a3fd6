import CCurl
import EventLoop
import Glibc

/// A socket of libcurl's and its watcher on the loop.
final class WatchedSocket {
    /// Opened by `Transport.openSocket`, so that `Transport.closeSocket` hears of its end.
    let isConnection: Bool
    var watcher: LoopDescriptor?
    /// What libcurl waits for now.
    var interest: Readiness = []

    init(isConnection: Bool) {
        self.isConnection = isConnection
    }
}

extension Transport {
    static let socketChanged:
        @convention(c) (UnsafeMutableRawPointer?, Int32, Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Int32 = {
            _, socket, what, owner, _ in
            unsafe Transport.recover(owner)?.watch(socket, what)
            return 0
        }

    static let openSocket: @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?) -> Int32 = {
        owner, _, address in
        guard let transfer = unsafe Transfer.recover(owner), let transport = transfer.transport, let found = unsafe address else {
            return -1
        }
        guard unsafe transport.allows(found) else {
            transfer.wasRefused = true
            return Int32(CURL_SOCKET_BAD)
        }
        let address = unsafe found.pointee
        let descriptor = socket(address.family, address.socktype | CInt(SOCK_CLOEXEC.rawValue), address.protocol)
        if descriptor >= 0 {
            // Its number may be that of one which libcurl closed without a word.
            transport.sockets[descriptor]?.watcher?.close(then: {})
            transport.sockets[descriptor] = WatchedSocket(isConnection: true)
        }
        return descriptor
    }

    static let closeSocket: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { owner, descriptor in
        // "the fd can be closed immediately after uv_poll_stop() or uv_close()" (libuv documentation, uv_poll_t).
        unsafe Transport.recover(owner)?.sockets.removeValue(forKey: descriptor)?.watcher?.close(then: {})
        return Glibc.close(descriptor)
    }

    /// Whether the rule allows an address. It lies in libcurl's memory beyond the type that stands for it there (CURLOPT_OPENSOCKETFUNCTION): its length
    /// is `addrlen`.
    private func allows(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        guard let rule = self.addressRule else { return true }
        guard let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
        let (offset, count): (Int, Int)
        switch unsafe address.pointee.family {
        case AF_INET: (offset, count) = (MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 4, 4)
        case AF_INET6: (offset, count) = (MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8, 16)
        default: return false
        }
        guard unsafe Int(address.pointee.addrlen) >= offset + count else { return false }
        let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + start + offset, count: count)
        return rule.allows(unsafe Array(bytes))
    }

    /// The object behind libcurl's pointers: whoever owns the multi handle closes it before it goes.
    static func recover(_ pointer: UnsafeMutableRawPointer?) -> Transport? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<Transport>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// libcurl was told to close everything: what is left was never reported as closed.
    func closeSockets() {
        for socket in self.sockets.values { socket.watcher?.close(then: {}) }
        self.sockets = [:]
    }

    private func watch(_ descriptor: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE { return self.unwatch(descriptor) }
        var interest: Readiness = []
        if what == CURL_POLL_IN || what == CURL_POLL_INOUT { interest.insert(.readable) }
        if what == CURL_POLL_OUT || what == CURL_POLL_INOUT { interest.insert(.writable) }
        let socket = self.sockets[descriptor] ?? WatchedSocket(isConnection: false)
        self.sockets[descriptor] = socket
        socket.interest = interest
        if socket.watcher == nil {
            socket.watcher = try? LoopDescriptor(self.loop, descriptor: descriptor) { [self] readiness in
                self.ready(descriptor, readiness)
            }
        }
        socket.watcher?.watch(interest)
    }

    /// Between two calls a kept connection stays watched, so that the next one needs no system call for it; should something come meanwhile (the server
    /// closes it), `ready` stops the watching. Other descriptors (the resolver's) are closed without a word, and so is a socket that did not come to
    /// connect: stop now. libuv ends the process if it is to watch what is closed.
    private func unwatch(_ descriptor: Int32) {
        guard let socket = self.sockets[descriptor] else { return }
        let wasWriting = socket.interest.contains(.writable)
        socket.interest = []
        if socket.isConnection, !wasWriting { return }
        socket.watcher?.close(then: {})
        socket.watcher = nil
        if !socket.isConnection { self.sockets[descriptor] = nil }
    }

    private func ready(_ descriptor: Int32, _ readiness: Readiness) {
        guard let socket = self.sockets[descriptor] else { return }
        if socket.interest.isEmpty {
            socket.watcher?.watch([])
            return
        }
        var events: Int32 = 0
        if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
        if readiness.contains(.failed) {
            events |= CURL_CSELECT_ERR
            // libcurl may close it now, without a word if it did not come to connect: it is watched again only if libcurl still waits for it.
            socket.watcher?.watch([])
        }
        self.act(on: descriptor, events)
        if readiness.contains(.failed), self.sockets[descriptor] === socket, !socket.interest.isEmpty {
            socket.watcher?.watch(socket.interest)
        }
    }
}
