import Glibc

/// A port that stays taken while nobody listens on it: beside the socket that listens a second one is bound to it.
struct ProxyListener: Sendable {
    /// The port.
    let port: Int
    private let keeper: Int32
    /// The socket that accepts; nil while connections are refused.
    private(set) var listening: Int32?

    init() throws {
        (self.keeper, self.port) = try boundSocket(O_CLOEXEC, sharing: 0)
        try self.listen()
    }

    /// Accepts from now on.
    mutating func listen() throws {
        guard self.listening == nil else { return }
        let (descriptor, _) = try boundSocket(O_CLOEXEC | O_NONBLOCK, sharing: self.port)
        guard Glibc.listen(descriptor, 512) == 0 else {
            close(descriptor)
            throw ChildProcess.LaunchError("cannot listen: errno \(errno)")
        }
        self.listening = descriptor
    }

    /// Refuses from now on.
    mutating func refuse() {
        if let descriptor = self.listening.take() { close(descriptor) }
    }

    /// Gives the port back.
    mutating func end() {
        self.refuse()
        close(self.keeper)
    }
}
