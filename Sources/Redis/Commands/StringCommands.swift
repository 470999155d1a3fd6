/// GET.
struct GetCommand: Command {
    let key: RedisKey

    var sizeBound: Int { self.key.count + 64 }
    var routingKey: [UInt8]? { self.key.bytes }
    var isRead: Bool { true }

    @inline(__always)
    func encode(into output: ByteQueue) {
        output.reserve(self.sizeBound)
        output.append("*2\r\n$3\r\nGET\r\n")
        output.appendArgument(self.key)
    }
}

/// SET with its condition and expiry.
struct SetCommand: Command {
    let key: [UInt8]
    let value: [UInt8]
    let condition: RedisSetCondition
    let expiry: RedisExpiry

    var sizeBound: Int { self.key.count + self.value.count + 192 }
    var routingKey: [UInt8]? { self.key }
    var isRead: Bool { false }

    func encode(into output: ByteQueue) {
        output.reserve(self.sizeBound)
        var arguments = 3
        if self.condition != .always { arguments += 1 }
        switch self.expiry {
        case .none: break
        case .keep: arguments += 1
        case .milliseconds, .atUnixMilliseconds: arguments += 2
        }
        output.beginCommand(arguments: arguments)
        output.append("$3\r\nSET\r\n")
        output.appendArgument(self.key)
        output.appendArgument(self.value)
        switch self.condition {
        case .always: break
        case .ifAbsent: output.append("$2\r\nNX\r\n")
        case .ifPresent: output.append("$2\r\nXX\r\n")
        }
        switch self.expiry {
        case .none: break
        case .keep: output.append("$7\r\nKEEPTTL\r\n")
        case .milliseconds(let count):
            output.append("$2\r\nPX\r\n")
            output.appendArgument(decimal: count)
        case .atUnixMilliseconds(let instant):
            output.append("$4\r\nPXAT\r\n")
            output.appendArgument(decimal: instant)
        }
    }
}

/// When SET stores a value.
public enum RedisSetCondition: Hashable, Sendable {
    /// In any case.
    case always
    /// NX: only if the key does not exist.
    case ifAbsent
    /// XX: only if the key exists.
    case ifPresent
}

/// When a value that SET stores ends.
public enum RedisExpiry: Hashable, Sendable {
    /// Never; an earlier expiry of the key is removed.
    case none
    /// KEEPTTL: when the value that it replaces would have.
    case keep
    /// PX: after this many milliseconds, more than zero.
    case milliseconds(Int64)
    /// PXAT: at this instant, in milliseconds since 1970 by the server's clock. An instant in the past removes the key. Redis 6.2.
    case atUnixMilliseconds(Int64)
}
