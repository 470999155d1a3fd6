import Glibc
import Locked
import TestSupport

/// A proxy that opens tunnels, all of them to one port of this machine, whatever name is asked for.
final class TunnelProxy: Sendable {
    private let server: LoopbackServer
    private let heads: Locked<[String]>

    /// The heads of the requests for tunnels.
    var requests: [String] { self.heads.withLock { $0 } }
    /// Its URL, with a user and a password.
    var url: String { "http://user:pass@127.0.0.1:\(self.server.port)" }

    init(to port: Int) throws {
        let heads = Locked<[String]>([])
        self.heads = heads
        self.server = try LoopbackServer { peer, _ in
            var head = ""
            while !head.hasSuffix("\r\n\r\n") {
                let bytes = peer.read()
                if bytes.isEmpty { return }
                head += String(decoding: bytes, as: UTF8.self)
            }
            heads.withLock { [head] in $0.append(head) }
            guard let server = Self.dial(port) else { return }
            peer.write("HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
            // The descriptor is closed when both directions have ended.
            let directions = Locked(2)
            let ended: @Sendable () -> Void = {
                let left = directions.withLock { left in
                    left -= 1
                    return left
                }
                if left == 0 { close(server) }
            }
            onThread {
                var buffer = [UInt8](repeating: 0, count: 65536)
                while true {
                    let count = recv(server, &buffer, buffer.count, 0)
                    if count <= 0 { break }
                    peer.write(Array(buffer[..<count]))
                }
                peer.endWriting()
                ended()
            }
            while true {
                let bytes = peer.read()
                if bytes.isEmpty { break }
                _ = bytes.withUnsafeBytes { send(server, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            shutdown(server, Int32(SHUT_WR))
            ended()
        }
    }

    private static func dial(_ port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafeBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }
}
