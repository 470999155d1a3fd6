/// EVALSHA or EVAL.
struct ScriptCommand: Command {
    let script: RedisScript
    let bySource: Bool
    let keys: [[UInt8]]
    let arguments: [[UInt8]]

    var routingKey: [UInt8]? { self.keys.first }
    var isRead: Bool { false }

    var sizeBound: Int {
        (self.bySource ? self.script.sourceBytes.count : self.script.sha1Bytes.count) + 128
            + Self.sizeBound(of: self.keys) + Self.sizeBound(of: self.arguments)
    }

    func encode(into output: ByteQueue) {
        output.reserve(self.sizeBound)
        output.beginCommand(arguments: 3 + self.keys.count + self.arguments.count)
        if self.bySource {
            output.append("$4\r\nEVAL\r\n")
            output.appendArgument(self.script.sourceBytes)
        } else {
            output.append("$7\r\nEVALSHA\r\n")
            output.appendArgument(self.script.sha1Bytes)
        }
        output.appendArgument(decimal: Int64(self.keys.count))
        for key in self.keys { output.appendArgument(key) }
        for argument in self.arguments { output.appendArgument(argument) }
    }
}
