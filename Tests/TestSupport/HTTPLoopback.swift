/// An HTTP server on 127.0.0.1 that answers each request as a test says, and also as no server should.
package final class HTTPLoopback: Sendable {
    /// A request, and which one it is.
    @dynamicMemberLookup
    package struct Request: Sendable {
        private let request: HTTPRequest
        /// The number of its connection, from 1.
        package let connection: Int
        /// Its own number, from 1.
        package let number: Int

        fileprivate init(_ request: HTTPRequest, connection: Int, number: Int) {
            (self.request, self.connection, self.number) = (request, connection, number)
        }

        package subscript<Value>(dynamicMember path: KeyPath<HTTPRequest, Value>) -> Value { self.request[keyPath: path] }
        package subscript(name: String) -> String? { self.request[name] }
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
    }

    private let server: LoopbackServer
    private let state: Observed<State>

    /// A server that asks `reply` what to do with each request. `host` is another address of 127.0.0.0/24, by its last number; `port` one that has to be free
    /// there.
    package init(host: UInt8 = 1, port: Int = 0, _ reply: @escaping @Sendable (Request) -> Reply) throws {
        let state = Observed(State())
        self.state = state
        self.server = try LoopbackServer(host: host, port: port) { peer, connection in
            Self.serve(peer, connection, state, reply)
            state.change { $0.ended += 1 }
        }
    }

    /// Where it answers, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(self.server.port)" }
    /// Its port.
    package var port: Int { self.server.port }
    /// Connections so far.
    package var connections: Int { self.server.accepted }
    /// The requests so far.
    package var requests: [Request] { self.state.value.requests }

    /// Waits for the `count`-th request to have come.
    package func received(_ count: Int) async throws(CancellationError) {
        try await self.state.wait { $0.requests.count >= count }
    }

    /// Waits for the `count`-th connection to have ended.
    package func ended(_ count: Int) async throws(CancellationError) {
        try await self.state.wait { $0.ended >= count }
    }

    private static func serve(
        _ peer: LoopbackServer.Peer, _ connection: Int, _ state: Observed<State>, _ reply: @Sendable (Request) -> Reply
    ) {
        var reader = HTTPRequestReader(peer: peer)
        while let received = reader.next() {
            let request = state.change { state in
                let request = Request(received, connection: connection, number: state.requests.count + 1)
                state.requests.append(request)
                return request
            }
            switch reply(request) {
            case .answer(let status, let headers, let body, let close):
                var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n"
                for (name, value) in headers { text += "\(name): \(value)\r\n" }
                if close { text += "Connection: close\r\n" }
                peer.write(text + "\r\n" + (request.method == "HEAD" ? "" : body))
                // Told before the connection counts as ended: the descriptor is closed a moment later.
                if close { return peer.endWriting() }
            case .bytes(let text, let end):
                peer.write(text)
                switch end {
                case .keep: break
                case .close: return peer.endWriting()
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
}
