/// A reply and the server that it came from.
package struct RedisAnswer: Sendable {
    /// The reply; never an error, for that is thrown.
    package var reply: RedisReply
    /// The epoch of the connection that the reply came over: which server that is, and which history of writes it continues (`ServerIdentity`).
    /// 0 where the server does not tell. It belongs to this very reply, whatever became of the connection since.
    package var epoch: UInt64
}
