/// The numbers of the SDKs' standard retry mode (AWS SDKs and Tools Reference Guide, "Retry behavior"), in its form for DynamoDB.
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all, the first one included.
    package var maxAttempts = 4
    /// The first delay's upper bound; it doubles with each retry.
    package var base: Duration = .milliseconds(25)
    /// The same after a throttled attempt.
    package var throttledBase: Duration = .seconds(1)
    /// No delay is longer.
    package var maxDelay: Duration = .seconds(20)
    /// Tokens that all calls of a client share; at most and at first.
    package var quota = 500
    /// Tokens that a retry takes.
    package var retryCost = 14
    /// Tokens that a retry after throttling takes.
    package var throttledCost = 5
    /// Tokens that a success without retry puts back.
    package var successRefund = 1

    /// The defaults.
    package init() {}
}
