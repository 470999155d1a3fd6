extension ByteQueue {
    /// Begins a command of `arguments` arguments, its name included, in RESP. https://redis.io/docs/latest/develop/reference/protocol-spec/
    @inline(__always)
    func beginCommand(arguments: Int) {
        self.append("*")
        self.append(decimal: arguments)
        self.append("\r\n")
    }

    /// Appends one argument.
    @inline(__always)
    func appendArgument(_ bytes: [UInt8]) {
        self.reserve(bytes.count + 32)
        self.append("$")
        self.append(decimal: bytes.count)
        self.append("\r\n")
        self.append(bytes)
        self.append("\r\n")
    }

    /// Appends a key as one argument.
    @inline(__always)
    func appendArgument(_ key: RedisKey) {
        self.reserve(key.count + 32)
        self.append("$")
        self.append(decimal: key.count)
        self.append("\r\n")
        self.append(key.prefix)
        if !key.name.isEmpty { self.append(utf8: key.name) }
        self.append("\r\n")
    }

    /// Appends one argument that is a number in decimal digits.
    func appendArgument(decimal number: Int64) {
        self.appendArgument(Array(String(number).utf8))
    }

    /// Appends a whole command.
    func appendCommand(_ arguments: [[UInt8]]) {
        self.beginCommand(arguments: arguments.count)
        for argument in arguments { self.appendArgument(argument) }
    }
}
