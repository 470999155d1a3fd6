import Glibc

/// A TCP port of 127.0.0.1 that nobody listens on at this moment.
package func freePort() throws -> Int {
    let (descriptor, port) = try boundSocket(O_CLOEXEC)
    close(descriptor)
    return port
}

/// A TCP socket bound to a free port of 127.0.0.1, and the port.
///
/// - Parameters:
///   - sharing: lets several sockets of this process have the port: nil for none, 0 for the first of them, its port for the others.
///   - host: another address of this machine's 127.0.0.0/8, by its last number.
///   - port: this one and no other.
func boundSocket(_ flags: Int32, sharing: Int? = nil, host: UInt8 = 1, port: Int = 0) throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
    if sharing != nil {
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = loopback(port: sharing ?? port, host: host)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
        let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
        return bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
    }
    guard isBound else {
        let code = errno
        close(descriptor)
        throw ChildProcess.LaunchError("no free port: errno \(code)")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

/// The address of a port of 127.0.0.1, or of another one of 127.0.0.0/24.
func loopback(port: Int, host: UInt8 = 1) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = (UInt32(0x7F00_0000) + UInt32(host)).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
}
