/// A task that waits for a GET which is yet to be sent: `RedisClient.get(prefix:name:for:)`.
@safe
@usableFromInline
package struct GetWaiter {
    let continuation: UnsafeContinuation<CommandOutcome, Never>

    @usableFromInline
    init(_ continuation: UnsafeContinuation<CommandOutcome, Never>) {
        unsafe self.continuation = continuation
    }
}
