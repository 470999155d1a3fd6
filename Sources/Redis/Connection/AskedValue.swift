/// What came of asking for the value of a key: the value, or what is left to be done about it.
@usableFromInline
package enum AskedValue: Sendable {
    /// The value, with the epoch of the connection that it came over.
    case value([UInt8], epoch: UInt64)
    /// `settle` knows more.
    case unsettled(Unsettled)

    /// An outcome that is no value.
    @usableFromInline
    package struct Unsettled: Sendable {
        @usableFromInline let outcome: CommandOutcome

        @inlinable
        init(_ outcome: CommandOutcome) {
            self.outcome = outcome
        }

        /// That there is no such key.
        package static func none(epoch: UInt64) -> Unsettled { Unsettled(.reply(.null, epoch: epoch)) }

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
    }

    @inlinable
    @inline(__always)
    init(_ outcome: consuming CommandOutcome) {
        switch consume outcome {
        case .reply(.bytes(let value), let epoch): self = .value(value, epoch: epoch)
        case let other: self = .unsettled(Unsettled(other))
        }
    }

    /// That this was the answer.
    package init(value: [UInt8]?, epoch: UInt64) {
        self = if let value { .value(value, epoch: epoch) } else { .unsettled(.none(epoch: epoch)) }
    }
}
