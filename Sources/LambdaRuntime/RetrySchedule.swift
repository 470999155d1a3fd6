/// How often, and after which pauses, the runtime API is asked again when it hangs up.
struct RetrySchedule: Hashable {
    /// The first pause; each further one is twice as long, up to `longestPause`.
    var firstPause = Duration.milliseconds(10)
    /// The longest pause.
    var longestPause = Duration.seconds(1)
    /// Failures in a row after which it is given up; with these pauses that takes about four seconds.
    var maximumFailures = 10

    private var failures = 0

    /// The pause before the next attempt; nil: give up.
    mutating func failed() -> Duration? {
        self.failures += 1
        guard self.failures <= self.maximumFailures else { return nil }
        // Beyond 2^20 of any first pause the longest one is reached.
        return min(self.firstPause * (1 << min(self.failures - 1, 20)), self.longestPause)
    }

    /// The runtime API answered.
    mutating func succeeded() {
        self.failures = 0
    }
}
