import Glibc
import Locked

/// A TCP server on 127.0.0.1 that does to each connection what a test tells it, on threads of its own.
package final class LoopbackServer: Sendable {
    /// The port it listens on.
    package let port: Int
    private let listener: Int32
    private let state = Locked(State())

    private struct State {
        var accepted = 0
        var isClosed = false
    }

    /// One accepted connection. Blocking calls, to be used on the thread that is handed it.
    package struct Peer: Sendable {
        fileprivate let descriptor: Int32

        /// Reads what has come, or waits for something. Empty at the end.
        package func read() -> [UInt8] {
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(self.descriptor, &buffer, buffer.count, 0)
                if count < 0 && errno == EINTR { continue }
                return Array(buffer[..<max(0, count)])
            }
        }

        /// Reads until the peer closes.
        package func readToEnd() {
            while !self.read().isEmpty {}
        }

        /// Writes everything.
        package func write(_ text: String) {
            self.write(Array(text.utf8))
        }

        /// Writes everything.
        package func write(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }

        /// Ends this side's half: the peer reads an end, and may go on writing.
        package func endWriting() {
            shutdown(self.descriptor, Int32(SHUT_WR))
        }

        /// Has the close that follows end the connection with a reset.
        package func resetOnClose() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
    }

    /// Listens, and calls `serve` on a thread of its own for each connection, with its number (from 1); the connection is closed when it
    /// returns. `host` is another address of 127.0.0.0/24, by its last number; `port` one that has to be free there.
    package init(host: UInt8 = 1, port: Int = 0, serve: @escaping @Sendable (Peer, Int) -> Void) throws {
        // Bound here to a port of the system's choice: one that was only looked up could be taken by now.
        (self.listener, self.port) = try boundSocket(O_CLOEXEC | O_NONBLOCK, host: host, port: port)
        guard listen(self.listener, 64) == 0 else {
            close(self.listener)
            throw ChildProcess.LaunchError("cannot listen: errno \(errno)")
        }
        let (listener, state) = (self.listener, self.state)
        onThread {
            while true {
                var readiness = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                poll(&readiness, 1, -1)
                let (descriptor, problem) = ChildProcess.withoutOtherLaunches {
                    let descriptor = accept(listener, nil, nil)
                    let problem = errno
                    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
                    return (descriptor, problem)
                }
                if descriptor < 0 && [EINTR, EAGAIN, ECONNABORTED].contains(problem) { continue }
                guard descriptor >= 0 else { break }
                let number = state.withLock { state in
                    state.accepted += 1
                    return state.accepted
                }
                onThread {
                    serve(Peer(descriptor: descriptor), number)
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    deinit {
        // Makes `accept` return an error; the thread then closes the descriptor.
        shutdown(self.listener, Int32(SHUT_RDWR))
    }

    /// Connections so far.
    package var accepted: Int { self.state.withLock { $0.accepted } }
}

/// Runs `body` on a new, detached thread.
package func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer else { return nil }
            Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
            return nil
        }, box)
    if code == 0 { pthread_detach(thread) } else { Unmanaged<Box>.fromOpaque(box).release() }
}
