/// The numbers of the SDKs' standard retry mode as of November 2026, in its form for DynamoDB. Source: AWS SDKs and Tools Reference Guide, "Retry
/// behavior"; AWS Developer Tools Blog, "Updated default retry behavior for AWS SDKs and tools".
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all, the first one included.
    package var maxAttempts = 4
    /// The first delay's upper bound; it doubles with each retry.
    package var base: Duration = .milliseconds(25)
    /// The same after a throttled attempt.
    package var throttledBase: Duration = .seconds(1)
    /// No delay is longer, but for what a service asks for.
    package var maxDelay: Duration = .seconds(20)
    /// How much longer than its own delay a call waits at most when a service asks for it (`x-amz-retry-after`).
    package var retryAfterExcess: Duration = .seconds(5)
    /// Tokens that all calls of a client share; at most and at first.
    package var quota = 500
    /// Tokens that a retry takes.
    package var retryCost = 14
    /// Tokens that a retry after throttling takes.
    package var throttledCost = 5
    /// Tokens that a success without retry puts back.
    package var successRefund = 1
    /// How long an attempt may take that another one may follow. Ours: the SDKs wait for a minute, and a call here has five seconds in all.
    package var attemptLimit: Duration = .milliseconds(1500)

    /// DynamoDB's numbers.
    package init() {}

    /// Those of the services that credentials come from: three attempts from 50 ms.
    package static let general: RetryPolicy = {
        var policy = RetryPolicy()
        policy.maxAttempts = 3
        policy.base = .milliseconds(50)
        return policy
    }()

    /// DynamoDB's numbers with what is configured: `AWS_MAX_ATTEMPTS` or `max_attempts`, `AWS_RETRY_MODE` or `retry_mode`. There is one mode here: the
    /// names of the others are accepted, for they are set for other programs, and mean the same. Throws `.configuration` for what is no mode or number.
    package static func resolve(environment: Environment, files: ProfileFiles?) throws(AWSError) -> RetryPolicy {
        var policy = RetryPolicy()
        if let text = environment["AWS_MAX_ATTEMPTS"] ?? files?["max_attempts"] {
            guard let count = Int(text), count > 0 else {
                throw AWSError(
                    .configuration, "AWS_MAX_ATTEMPTS (or max_attempts of the profile) is a whole number, 1 or more: correct it.")
            }
            policy.maxAttempts = count
        }
        if let mode = environment["AWS_RETRY_MODE"] ?? files?["retry_mode"],
            !["standard", "adaptive", "legacy"].contains(mode.lowercased())
        {
            throw AWSError(.configuration, "AWS_RETRY_MODE (or retry_mode of the profile) is standard, adaptive or legacy: correct it.")
        }
        return policy
    }
}
