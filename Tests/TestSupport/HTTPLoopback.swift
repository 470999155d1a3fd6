import Locked

/// An HTTP server on 127.0.0.1 that answers each request as a test says, and also as no server should.
package final class HTTPLoopback: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        package var method: String
        package var target: String
        /// Names in small letters.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        /// The number of its connection, from 1.
        package var connection: Int
        /// Its own number, from 1.
        package var number: Int

        package subscript(name: String) -> String? {
            self.headers.first { $0.name == name }?.value
        }
    }

    /// What is done with a request.
    package enum Reply: Sendable {
        /// An answer with its length; the connection stays, or is closed as announced.
        case answer(Int, [(String, String)] = [], String = "", close: Bool = false)
        /// These bytes, whatever they are.
        case bytes(String, End)
        /// Nothing, until the other side goes.
        case silence
    }

    /// What follows the bytes of a reply.
    package enum End: Sendable {
        case keep, close, halfClose, reset
    }

    private struct State {
        var requests: [Request] = []
        var ended = 0
        var waiters: [(isDone: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let server: LoopbackServer
    private let state: Locked<State>

    /// A server that asks `reply` what to do with each request.
    package init(_ reply: @escaping @Sendable (Request) -> Reply) throws {
        let state = Locked(State())
        self.state = state
        self.server = try LoopbackServer { peer, connection in
            Self.serve(peer, connection, state, reply)
            Self.change(state) { $0.ended += 1 }
        }
    }

    /// Where it answers, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(self.server.port)" }
    /// Its port.
    package var port: Int { self.server.port }
    /// Connections so far.
    package var connections: Int { self.server.accepted }
    /// The requests so far.
    package var requests: [Request] { self.state.withLock { $0.requests } }

    /// Waits for the `count`-th request to have come.
    package func received(_ count: Int) async {
        await self.wait { $0.requests.count >= count }
    }

    /// Waits for the `count`-th connection to have ended.
    package func ended(_ count: Int) async {
        await self.wait { $0.ended >= count }
    }

    private func wait(_ isDone: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let done = self.state.withLock { state in
                if isDone(state) { return true }
                state.waiters.append((isDone, continuation))
                return false
            }
            if done { continuation.resume() }
        }
    }

    private static func change(_ state: Locked<State>, _ body: (inout State) -> Void) {
        let done = state.withLock { state in
            body(&state)
            let done = state.waiters.filter { $0.isDone(state) }.map(\.continuation)
            let rest = state.waiters.filter { !$0.isDone(state) }
            state.waiters = rest
            return done
        }
        for continuation in done { continuation.resume() }
    }

    private static func serve(
        _ peer: LoopbackServer.Peer, _ connection: Int, _ state: Locked<State>, _ reply: @Sendable (Request) -> Reply
    ) {
        var reader = Reader(peer: peer)
        while var request = reader.next() {
            request.connection = connection
            request.number = state.withLock { $0.requests.count + 1 }
            self.change(state) { $0.requests.append(request) }
            switch reply(request) {
            case .answer(let status, let headers, let body, let close):
                var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n"
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                if close { text += "Connection: close\r\n" }
                peer.write(text + "\r\n" + (request.method == "HEAD" ? "" : body))
                if close { return }
            case .bytes(let text, let end):
                peer.write(text)
                switch end {
                case .keep: break
                case .close: return
                case .halfClose:
                    peer.endWriting()
                    return peer.readToEnd()
                case .reset: return peer.resetOnClose()
                }
            case .silence:
                return peer.readToEnd()
            }
        }
    }

    /// Cuts requests out of what a connection brings.
    private struct Reader {
        let peer: LoopbackServer.Peer
        var buffer: [UInt8] = []

        mutating func next() -> Request? {
            while true {
                if let end = self.endOfHead() {
                    var request = self.parse(self.buffer[..<end])
                    let length = request["content-length"].flatMap { Int($0) } ?? 0
                    while self.buffer.count < end + 4 + length {
                        let more = self.peer.read()
                        if more.isEmpty { return nil }
                        self.buffer += more
                    }
                    request.body = Array(self.buffer[(end + 4)..<(end + 4 + length)])
                    self.buffer.removeFirst(end + 4 + length)
                    return request
                }
                let more = self.peer.read()
                if more.isEmpty { return nil }
                self.buffer += more
            }
        }

        private func endOfHead() -> Int? {
            guard self.buffer.count >= 4 else { return nil }
            return (0...(self.buffer.count - 4)).first { self.buffer[$0..<($0 + 4)].elementsEqual("\r\n\r\n".utf8) }
        }

        private func parse(_ head: ArraySlice<UInt8>) -> Request {
            let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
            let words = (lines.first ?? "").split(separator: " ")
            let headers = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = (parts.count > 1 ? parts[1] : "").drop { $0 == " " }
                return (name: parts[0].lowercased(), value: String(value))
            }
            return Request(
                method: String(words.first ?? ""), target: String(words.count > 1 ? words[1] : ""), headers: headers, body: [],
                connection: 0,
                number: 0)
        }
    }
}
