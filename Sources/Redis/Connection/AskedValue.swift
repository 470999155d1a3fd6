/// What came of asking for the value of a key: the value, or what is left to be done about it.
@usableFromInline
package struct AskedValue: Sendable {
    @usableFromInline let outcome: CommandOutcome

    @inlinable
    init(_ outcome: CommandOutcome) {
        self.outcome = outcome
    }

    /// That this was the answer.
    package init(value: [UInt8]?, epoch: UInt64) {
        self.init(.reply(value.map(RedisReply.bytes) ?? .null, epoch: epoch))
    }

    /// That there will be none.
    package init(_ error: RedisError) {
        self.init(.failure(error))
    }

    /// What these two were made of; for commands that are not a client's.
    package func answer() throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        switch self.outcome {
        case .reply(.bytes(let value), let epoch): return (value, epoch)
        case .reply(_, let epoch): return (nil, epoch)
        case .failure(let error): throw error
        case .setback(let setback): throw setback.error(ranScript: false)
        case .late: throw .unexpected("GET")
        }
    }

    /// The value, if it has come, with the epoch of the connection that it came over; nil: `settle` knows more.
    @inlinable
    @inline(__always)
    package var value: (value: [UInt8]?, epoch: UInt64)? {
        if case .reply(.bytes(let value), let epoch) = self.outcome { (value, epoch) } else { nil }
    }
}
