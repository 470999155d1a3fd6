package import Glibc

/// Where to connect to: a `sockaddr` with its length.
package struct SocketAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Copies a `sockaddr`.
    package init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        unsafe self.bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
    }

    /// The address of a numeric host, without asking any name server; nil if `host` is a name.
    package init?(numericHost host: String, port: UInt16) {
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if unsafe inet_pton(AF_INET, host, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            self.bytes = unsafe withUnsafeBytes(of: &v4) { unsafe Array($0) }
        } else if unsafe inet_pton(AF_INET6, host, &v6.sin6_addr) == 1 {
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = port.bigEndian
            self.bytes = unsafe withUnsafeBytes(of: &v6) { unsafe Array($0) }
        } else {
            return nil
        }
    }

    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    package var family: CInt {
        unsafe self.withSockaddr { address, _ in unsafe CInt(address.pointee.sa_family) }
    }

    /// Lends the address to a system call.
    package func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        return unsafe withUnsafeMutableBytes(of: &storage) { buffer in
            unsafe buffer.copyBytes(from: self.bytes.prefix(buffer.count))
            // A sockaddr_storage is at least as large as, and aligned for, every sockaddr; its memory is ours for this closure.
            let address = unsafe UnsafeRawPointer(buffer.baseAddress!).assumingMemoryBound(to: sockaddr.self)
            return unsafe body(address, socklen_t(min(self.bytes.count, buffer.count)))
        }
    }
}
