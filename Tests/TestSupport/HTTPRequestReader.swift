/// A request as a test server received it.
package struct HTTPRequest: Sendable {
    package var method: String
    package var target: String
    /// Names in small letters.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    /// The first value of a header field.
    package subscript(name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}

/// Reads HTTP/1.1 requests from a connection, as much of the protocol as a test server needs.
struct HTTPRequestReader {
    private let peer: LoopbackServer.Peer
    private var buffer: [UInt8] = []

    init(peer: LoopbackServer.Peer) {
        self.peer = peer
    }

    /// Waits for the next request; nil when the other side has closed, or speaks something else.
    mutating func next() -> HTTPRequest? {
        while true {
            if let end = self.buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                guard var request = Self.parse(self.buffer[..<end.lowerBound]) else { return nil }
                let bodyEnd = end.upperBound + (request["content-length"].flatMap { Int($0) } ?? 0)
                while self.buffer.count < bodyEnd {
                    guard self.readMore() else { return nil }
                }
                request.body = Array(self.buffer[end.upperBound..<bodyEnd])
                self.buffer.removeFirst(bodyEnd)
                return request
            }
            guard self.readMore() else { return nil }
        }
    }

    private mutating func readMore() -> Bool {
        let bytes = self.peer.read()
        self.buffer += bytes
        return !bytes.isEmpty
    }

    private static func parse(_ head: ArraySlice<UInt8>) -> HTTPRequest? {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        guard let start = lines.first?.split(separator: " ").map(String.init), start.count == 3 else { return nil }
        var request = HTTPRequest(method: start[0], target: start[1], headers: [], body: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            request.headers.append((line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
        return request
    }
}
