/// Something that writes itself in the Redis protocol, straight into the connection's output.
protocol Command: Sendable {
    /// At least as many bytes as the command takes.
    var sizeBound: Int { get }

    func encode(into output: ByteQueue)

    /// Whether a connection's greeting is all that the command is for: then it is not sent after it.
    var isSatisfiedByGreeting: Bool { get }
}

extension Command {
    var isSatisfiedByGreeting: Bool { false }

    /// The bytes of arguments as large as these, with what the protocol adds.
    static func sizeBound(of arguments: [[UInt8]]) -> Int {
        arguments.reduce(32) { $0 + $1.count + 32 }
    }
}

/// A command whose arguments are given.
struct RawCommand: Command {
    let arguments: [[UInt8]]

    var sizeBound: Int { Self.sizeBound(of: self.arguments) }

    func encode(into output: ByteQueue) {
        output.appendCommand(self.arguments)
    }
}

/// PING, sent only if the connection was open already.
struct ConnectCommand: Command {
    var sizeBound: Int { 64 }
    var isSatisfiedByGreeting: Bool { true }

    func encode(into output: ByteQueue) {
        output.append("*1\r\n$4\r\nPING\r\n")
    }
}
