import Testing

@testable import AWS

@Suite("Retries")
struct RetryTests {
    private let policy = RetryPolicy()

    private func machine(deadline: Duration = .seconds(100), retryAfterSent: Bool = true) -> RetryMachine {
        RetryMachine(policy: self.policy, deadline: deadline, retryAfterSent: retryAfterSent)
    }

    @Test("delays double from their base with full jitter, and the fourth failure is the last")
    func delays() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine()
        let failure = RetryMachine.Failure.answered(status: 500, .transient)
        #expect(machine.attemptFailed(failure, now: .zero, random: 1, quota: &quota) == .retry(after: .milliseconds(25)))
        #expect(machine.attemptFailed(failure, now: .zero, random: 0.5, quota: &quota) == .retry(after: .milliseconds(25)))
        #expect(machine.attemptFailed(failure, now: .zero, random: 0, quota: &quota) == .retry(after: .zero))
        #expect(machine.attempts == 4)
        #expect(machine.attemptFailed(failure, now: .zero, random: 0, quota: &quota) == .fail(.attemptsUsed))
        #expect(quota.tokens == 500 - 3 * 14)
    }

    @Test("a throttled attempt waits from a second and costs five tokens")
    func throttled() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine()
        let failure = RetryMachine.Failure.answered(status: 400, .throttling)
        #expect(machine.attemptFailed(failure, now: .zero, random: 1, quota: &quota) == .retry(after: .seconds(1)))
        #expect(machine.attemptFailed(failure, now: .zero, random: 1, quota: &quota) == .retry(after: .seconds(2)))
        #expect(quota.tokens == 490)
        machine.attemptSucceeded(quota: &quota)
        #expect(quota.tokens == 495)
        machine.attemptSucceeded(quota: &quota)
        #expect(quota.tokens == 496)
    }

    @Test(
        "a call that must not run twice is retried only where it certainly did not run",
        arguments: [
            (RetryMachine.Failure.notSent, true), (.lost, false), (.answered(status: 500, .transient), false),
            (.answered(status: 503, .throttling), false), (.answered(status: 400, .throttling), true),
            (.answered(status: 408, .transient), false),
        ])
    func onlyOnce(failure: RetryMachine.Failure, retried: Bool) {
        var quota = RetryQuota(self.policy)
        var machine = self.machine(retryAfterSent: false)
        let action = machine.attemptFailed(failure, now: .zero, random: 0, quota: &quota)
        #expect(action == (retried ? .retry(after: .zero) : .fail(.mayHaveRun)))
        var repeatable = self.machine()
        #expect(repeatable.attemptFailed(failure, now: .zero, random: 0, quota: &quota) == .retry(after: .zero))
    }

    @Test("the deadline wins over attempts, and takes no token")
    func deadline() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine(deadline: .milliseconds(100))
        #expect(machine.attemptFailed(.lost, now: .milliseconds(80), random: 1, quota: &quota) == .fail(.deadline))
        #expect(quota.tokens == 500)
        #expect(machine.attemptFailed(.lost, now: .milliseconds(80), random: 0.5, quota: &quota) == .retry(after: .microseconds(12_500)))
    }

    @Test("when the tokens are used up nothing is retried until successes have put some back")
    func quota() {
        var quota = RetryQuota(self.policy)
        var retries = 0
        while true {
            var machine = self.machine()
            guard case .retry = machine.attemptFailed(.lost, now: .zero, random: 0, quota: &quota) else { break }
            retries += 1
        }
        #expect(retries == 35)
        #expect(quota.tokens == 10)
        for _ in 0..<4 {
            var machine = self.machine()
            machine.attemptSucceeded(quota: &quota)
        }
        var machine = self.machine()
        #expect(machine.attemptFailed(.lost, now: .zero, random: 0, quota: &quota) == .retry(after: .zero))
        for _ in 0..<1000 { machine.attemptSucceeded(quota: &quota) }
        #expect(quota.tokens == 500)
    }

    @Test("a permanent error and a failure of this side are not retried")
    func permanent() {
        var quota = RetryQuota(self.policy)
        for failure in [RetryMachine.Failure.answered(status: 400, .permanent), .local] {
            var machine = self.machine()
            #expect(machine.attemptFailed(failure, now: .zero, random: 0, quota: &quota) == .fail(.permanent))
        }
    }

    @Test("each code of the throttling and transient lists, and each status, has its class")
    func classes() {
        let throttling = [
            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
            "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
            "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
        ]
        for code in throttling { #expect(ErrorClass(code: code, status: 400) == .throttling, "\(code)") }
        #expect(ErrorClass.throttlingCodes.count == throttling.count)
        for code in ["RequestTimeout", "RequestTimeoutException", "InternalError", "InternalServerError"] {
            #expect(ErrorClass(code: code, status: 400) == .transient, "\(code)")
        }
        for status in [500, 502, 503, 504] { #expect(ErrorClass(code: "", status: status) == .transient) }
        #expect(ErrorClass(code: "", status: 429) == .throttling)
        for status in [301, 400, 403, 404, 413, 501] { #expect(ErrorClass(code: "", status: status) == .permanent) }
        for code in ["ConditionalCheckFailedException", "ResourceNotFoundException", "ValidationException", "AccessDeniedException"] {
            #expect(ErrorClass(code: code, status: 400) == .permanent)
        }
    }
}
