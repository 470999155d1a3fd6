package import Redis

/// What a `CacheStore` asks of Redis. `RedisCommands` is the real one; a simulation brings its own.
///
/// Each command ends within the deadline of the connection (50 ms): then the table answers instead.
///
/// Every answer carries the epoch of the connection that it came over: a number that stands for the server and the history of writes that it
/// continues, another one after each restart and failover, 0 where the server hides both. It must be that very connection's, not that of a
/// connection opened since: an entry is stored under the epoch of the answer that protects it (the lease, the intent, or the bytes seen).
package protocol CacheCommands: Sendable {
    /// The value of a key. Throws `.wrongType` when the key holds something that GET cannot read.
    func get(_ key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64)

    /// What waits for a GET that is yet to be sent; `Never` for commands that take no shorter way to a value.
    associatedtype Waiter = Never

    /// The first half of `get`: what came at first. It takes the key, or has `send` call this type's `send` for it.
    func ask(_ key: @autoclosure () -> RedisKey, send: (Waiter) -> Void) async -> AskedValue

    /// Sends what `waiter` waits for, a GET of the key of these two parts.
    func send(prefix: [UInt8], name: String, for waiter: Waiter)

    /// The second half, where that is no value.
    func settle(_ asked: AskedValue.Unsettled, of key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64)

    /// Runs one of the scripts on one key.
    func run(
        _ script: CacheScript, key: [UInt8], arguments: [[UInt8]]
    ) async throws(RedisError) -> (reply: RedisReply, epoch: UInt64)

    /// Removes a key.
    func remove(_ key: [UInt8]) async throws(RedisError)
}

/// Asking is all of it.
extension CacheCommands where Waiter == Never {
    package func ask(_ key: @autoclosure () -> RedisKey, send: (Never) -> Void) async -> AskedValue {
        do throws(RedisError) {
            let (value, epoch) = try await self.get(key())
            return AskedValue(value: value, epoch: epoch)
        } catch {
            return .unsettled(.init(error))
        }
    }

    package func send(prefix: [UInt8], name: String, for waiter: Never) {}

    package func settle(_ asked: AskedValue.Unsettled, of key: RedisKey) async throws(RedisError) -> (value: [UInt8]?, epoch: UInt64) {
        try asked.answer()
    }
}

/// When an entry leaves Redis by itself.
package enum EntryEnd: Hashable, Sendable {
    /// At this instant, in milliseconds since 1970.
    case at(milliseconds: Int64)
    /// After so many milliseconds.
    case after(milliseconds: Int64)

    /// The two arguments of SET.
    var arguments: [[UInt8]] {
        switch self {
        case .at(let milliseconds): [Array("PXAT".utf8), Array(String(milliseconds).utf8)]
        case .after(let milliseconds): [Array("PX".utf8), Array(String(milliseconds).utf8)]
        }
    }
}

/// An entry as scripts take it.
package struct EncodedEntry: Hashable, Sendable {
    /// The bytes; empty for one that is not to be cached, which removes the key where another would be stored.
    package var bytes: [UInt8]
    /// When it ends.
    package var end: EntryEnd

    /// An entry with these parts.
    package init(bytes: [UInt8], end: EntryEnd) {
        self.bytes = bytes
        self.end = end
    }

    /// Stands for what is not to be cached.
    package static let none = EncodedEntry(bytes: [], end: .after(milliseconds: 1))
}

/// What became of a publish.
package enum PublishOutcome: String, Hashable, Sendable {
    /// The entry is what the key holds.
    case stored
    /// Other writers are still at work; the last one decides.
    case left
    /// The key is gone; the next reader fills it.
    case removed
    /// There was no key: the intent was evicted or has expired.
    case none
}
