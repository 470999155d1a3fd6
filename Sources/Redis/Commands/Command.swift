/// Something that writes itself in the Redis protocol, straight into the connection's output.
protocol Command: Sendable {
    /// At least as many bytes as the command takes.
    var sizeBound: Int { get }

    func encode(into output: ByteQueue)

    /// Whether a connection's greeting is all that the command is for: then it is not sent after it.
    var isSatisfiedByGreeting: Bool { get }

    /// A key whose slot says which node of a cluster the command belongs to; `nil`: any.
    var routingKey: [UInt8]? { get }

    /// Whether it may be executed twice as well as once.
    var isRead: Bool { get }

    /// Replies that come before the command's own, and that nobody waits for.
    static var leadingReplies: Int { get }
}

extension Command {
    var isSatisfiedByGreeting: Bool { false }
    static var leadingReplies: Int { 0 }

    /// The bytes of arguments as large as these, with what the protocol adds.
    static func sizeBound(of arguments: [[UInt8]]) -> Int {
        arguments.reduce(32) { $0 + $1.count + 32 }
    }
}

/// A command whose arguments are given.
struct RawCommand: Command {
    let arguments: [[UInt8]]

    var sizeBound: Int { Self.sizeBound(of: self.arguments) }
    var routingKey: [UInt8]? { CommandKeys.routingKey(of: self.arguments) }
    var isRead: Bool { CommandKeys.isRead(self.arguments) }

    func encode(into output: ByteQueue) {
        output.appendCommand(self.arguments)
    }
}

/// PING, sent only if the connection was open already.
struct ConnectCommand: Command {
    var sizeBound: Int { 64 }
    var isSatisfiedByGreeting: Bool { true }
    var routingKey: [UInt8]? { nil }
    var isRead: Bool { true }

    func encode(into output: ByteQueue) {
        output.append("*1\r\n$4\r\nPING\r\n")
    }
}

/// A command for a node that is only about to have its slot.
struct AskingCommand<Asked: Command>: Command {
    let asked: Asked

    static var leadingReplies: Int { Asked.leadingReplies + 1 }
    var sizeBound: Int { self.asked.sizeBound + 64 }
    var routingKey: [UInt8]? { self.asked.routingKey }
    var isRead: Bool { self.asked.isRead }

    func encode(into output: ByteQueue) {
        output.reserve(self.sizeBound)
        output.append("*1\r\n$6\r\nASKING\r\n")
        self.asked.encode(into: output)
    }
}
