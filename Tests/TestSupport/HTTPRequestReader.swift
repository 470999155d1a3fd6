/// Reads HTTP/1.1 requests from a connection, as much of the protocol as a test server needs.
package struct HTTPRequestReader {
    /// One request; header names in lower case.
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var headers: [String: String]
        package var body: [UInt8]
    }

    private let peer: LoopbackServer.Peer
    private var buffer: [UInt8] = []

    package init(peer: LoopbackServer.Peer) {
        self.peer = peer
    }

    /// Waits for the next request; nil when the other side has closed, or speaks something else.
    package mutating func next() -> Request? {
        let end = Array("\r\n\r\n".utf8)
        var head = self.buffer.firstRange(of: end)
        while head == nil {
            guard self.readMore() else { return nil }
            head = self.buffer.firstRange(of: end)
        }
        guard let head else { return nil }
        let lines = String(decoding: self.buffer[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
        guard let start = lines.first?.split(separator: " ").map(String.init), start.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let bodyEnd = head.upperBound + (headers["content-length"].flatMap { Int($0) } ?? 0)
        while self.buffer.count < bodyEnd {
            guard self.readMore() else { return nil }
        }
        let body = Array(self.buffer[head.upperBound..<bodyEnd])
        self.buffer.removeFirst(bodyEnd)
        return Request(method: start[0], path: start[1], headers: headers, body: body)
    }

    private mutating func readMore() -> Bool {
        let bytes = self.peer.read()
        self.buffer += bytes
        return !bytes.isEmpty
    }
}
