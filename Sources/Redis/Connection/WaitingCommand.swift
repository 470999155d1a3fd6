/// A command that waits for the connection, already encoded.
struct WaitingCommand {
    var deadline: Duration
    /// Empty for a caller who waits for the connection only.
    var bytes: [UInt8]
    var caller: Caller
    /// Replies before the command's own.
    var leadingReplies: Int
    /// Where it belongs in a cluster.
    var slot: HashSlot?
}
