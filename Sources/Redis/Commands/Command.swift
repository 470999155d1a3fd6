/// Something that writes itself in the Redis protocol, straight into the connection's output.
protocol Command: Sendable {
    /// At least as many bytes as the command takes.
    var sizeBound: Int { get }

    func encode(into output: inout ByteQueue)
}

extension Command {
    /// The bytes of arguments as large as these, with what the protocol adds.
    static func sizeBound(of arguments: [[UInt8]]) -> Int {
        arguments.reduce(32) { $0 + $1.count + 32 }
    }
}

/// A command whose arguments are given.
struct RawCommand: Command {
    let arguments: [[UInt8]]

    var sizeBound: Int { Self.sizeBound(of: self.arguments) }

    func encode(into output: inout ByteQueue) {
        output.appendCommand(self.arguments)
    }
}
