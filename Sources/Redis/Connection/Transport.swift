internal import EventLoop

/// Bytes in and out of a connected peer: plain TCP, or TLS over it, which has its own greeting.
///
/// Confined to the loop, like everything below the client.
protocol Transport: AnyObject {
    /// Called when the peer may be read from or written to again.
    var onReadiness: (Readiness) -> Void { get set }

    /// Reads what is there into `buffer`.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> TransferResult

    /// Writes as much as fits. Never raises SIGPIPE.
    func send(_ bytes: UnsafeRawBufferPointer) -> TransferResult

    /// What to be told about by `onReadiness`.
    func watch(_ interest: Readiness)

    /// Ends the connection; nothing is called afterwards. A second call does nothing.
    func close()
}

/// What one read or write did.
enum TransferResult: Equatable {
    case bytes(Int)
    case wouldBlock
    /// The peer will send no more.
    case ended
    /// The system's text for what went wrong.
    case failed(String)
    /// It cannot go on, for this reason.
    case broken(RedisError)
}
