/// When a connection counts as dead although its socket looks alive: the peer vanished, or the server hangs.
struct SilenceRule {
    /// How long past the oldest command's deadline nothing may have arrived.
    let limit: Duration

    /// The instant at which the connection is to be replaced, unless something arrives.
    func replacementTime(oldestDeadline: Duration, lastArrival: Duration) -> Duration {
        max(oldestDeadline, lastArrival) + self.limit
    }
}
