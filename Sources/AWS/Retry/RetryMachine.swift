/// Whether and when one call is attempted again. Pure: no clock, no randomness, no waiting of its own.
///
/// Rules: the SDKs' standard mode (`RetryPolicy`), and three of ours: a call that must not run twice is never attempted again once a server may
/// have executed it, a deadline wins over attempts that are left, and a refusal for the clock is corrected once.
package struct RetryMachine: Hashable, Sendable {
    private let policy: RetryPolicy
    private let deadline: Duration
    private let retryAfterSent: Bool
    /// Attempts that were started.
    package private(set) var attempts = 1
    private var paid = 0
    private var hasCorrectedClock = false

    /// How an attempt failed.
    package enum Failure: Hashable, Sendable {
        /// Nothing was sent: no connection.
        case notSent
        /// Sent, and no whole answer came back.
        case lost
        /// The service answered with an error; `retryAfter` is the wait that it asks for (`x-amz-retry-after`).
        case answered(status: Int, ErrorClass, retryAfter: Duration? = nil)
        /// The service refused the signature for its date, which the answer's own date corrects.
        case skewed
        /// This side ended it (cancelled, shut down, queue full, a call that cannot be sent).
        case local
    }

    /// What to do after a failed attempt.
    package enum Action: Hashable, Sendable {
        /// Wait, then attempt again.
        case retry(after: Duration)
        /// Report the attempt's failure.
        case fail(Reason)
    }

    /// Why there is no further attempt.
    package enum Reason: Hashable, Sendable {
        /// Another attempt would not help.
        case permanent
        /// The server may have executed it, and it must not run twice.
        case mayHaveRun
        /// As many attempts as the policy allows.
        case attemptsUsed
        /// The client's calls have used up their retries.
        case quotaUsed
        /// The next attempt would start after the deadline.
        case deadline
    }

    /// A call whose first attempt starts now; `deadline` on the clock of `now`.
    package init(policy: RetryPolicy, deadline: Duration, retryAfterSent: Bool) {
        self.policy = policy
        self.deadline = deadline
        self.retryAfterSent = retryAfterSent
    }

    /// How long the attempt that starts now may take. A call that may be repeated leaves time for another attempt, unless this is the last one: a
    /// kept connection whose other end is gone answers nothing, and says nothing.
    package func attemptLimit(now: Duration) -> Duration {
        let left = self.deadline - now
        guard self.retryAfterSent, self.attempts < self.policy.maxAttempts else { return left }
        return min(left, self.policy.attemptLimit)
    }

    /// An attempt failed. `random` is uniform in 0..<1.
    package mutating func attemptFailed(_ failure: Failure, now: Duration, random: Double, quota: inout RetryQuota) -> Action {
        let throttled: Bool
        var retryAfter: Duration?
        switch failure {
        case .local, .answered(_, .permanent, _): return .fail(.permanent)
        case .skewed: return self.clockRefused(now: now)
        case .notSent: throttled = false
        case .lost:
            guard self.retryAfterSent else { return .fail(.mayHaveRun) }
            throttled = false
        case .answered(let status, let kind, let asked):
            guard self.retryAfterSent || status < 500 && kind == .throttling else { return .fail(.mayHaveRun) }
            throttled = kind == .throttling
            retryAfter = asked
        }
        guard self.attempts < self.policy.maxAttempts else { return .fail(.attemptsUsed) }
        let delay = self.delay(throttled: throttled, random: random, retryAfter: retryAfter)
        guard now + delay < self.deadline else { return .fail(.deadline) }
        let cost = throttled ? self.policy.throttledCost : self.policy.retryCost
        guard quota.take(cost) else { return .fail(.quotaUsed) }
        self.paid = cost
        self.attempts += 1
        return .retry(after: delay)
    }

    /// An attempt was answered without a retryable error: what its own retry took, or one token, goes back.
    package mutating func attemptSucceeded(quota: inout RetryQuota) {
        quota.give(self.paid == 0 ? self.policy.successRefund : self.paid)
        self.paid = 0
    }

    /// Nothing was executed and the service is not at fault: at once, and free.
    private mutating func clockRefused(now: Duration) -> Action {
        guard !self.hasCorrectedClock else { return .fail(.permanent) }
        guard self.attempts < self.policy.maxAttempts else { return .fail(.attemptsUsed) }
        guard now < self.deadline else { return .fail(.deadline) }
        self.hasCorrectedClock = true
        self.attempts += 1
        return .retry(after: .zero)
    }

    /// Full jitter: uniform between nothing and the exponential bound. What the service asks for counts between that and five seconds more.
    private func delay(throttled: Bool, random: Double, retryAfter: Duration?) -> Duration {
        let base = throttled ? self.policy.throttledBase : self.policy.base
        let bound = min(self.policy.maxDelay, base * (1 << min(self.attempts - 1, 20)))
        let delay = bound * random
        guard let retryAfter else { return delay }
        return max(delay, min(retryAfter, delay + self.policy.retryAfterExcess))
    }
}
