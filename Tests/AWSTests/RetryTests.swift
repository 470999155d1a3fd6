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

    @Test(
        "each code of the retry rules has its class, whatever the status",
        arguments: [
            ("Throttling", ErrorClass.throttling), ("ThrottlingException", .throttling), ("ThrottledException", .throttling),
            ("RequestThrottledException", .throttling), ("TooManyRequestsException", .throttling),
            ("ProvisionedThroughputExceededException", .throttling), ("TransactionInProgressException", .throttling),
            ("RequestLimitExceeded", .throttling), ("BandwidthLimitExceeded", .throttling), ("LimitExceededException", .throttling),
            ("RequestThrottled", .throttling), ("SlowDown", .throttling), ("PriorRequestNotComplete", .throttling),
            ("EC2ThrottledException", .throttling),
            ("RequestTimeout", .transient), ("RequestTimeoutException", .transient), ("InternalError", .transient),
            ("InternalServerError", .transient), ("ReplicatedWriteConflictException", .transient), ("IDPCommunicationError", .transient),
            ("ConditionalCheckFailedException", .permanent), ("ResourceNotFoundException", .permanent),
            ("ValidationException", .permanent), ("AccessDeniedException", .permanent), ("ExpiredTokenException", .permanent),
            ("TransactionConflictException", .permanent), ("", .permanent),
        ])
    func codes(code: String, expected: ErrorClass) {
        #expect(ErrorClass(code: code, status: 400) == expected)
        #expect(ErrorClass(code: code, status: 500) == (expected == .permanent ? .transient : expected))
    }

    @Test("the table of codes is the whole list")
    func wholeList() {
        #expect(ErrorClass.throttlingCodes.count == 14)
        #expect(ErrorClass.transientCodes.count == 6)
        #expect(ErrorClass.throttlingCodes.isDisjoint(with: ErrorClass.transientCodes))
        #expect(
            ErrorClass.skewCodes == [
                "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch",
                "AuthFailure",
            ])
    }

    @Test("each status without a known code has its class")
    func statuses() {
        for status in [500, 502, 503, 504] { #expect(ErrorClass(code: "", status: status) == .transient) }
        #expect(ErrorClass(code: "", status: 429) == .throttling)
        for status in [301, 400, 403, 404, 413, 501] { #expect(ErrorClass(code: "", status: status) == .permanent) }
    }

    @Test("the delay's bound doubles with each attempt up to twenty seconds")
    func bound() {
        var policy = self.policy
        policy.maxAttempts = 40
        var quota = RetryQuota(policy)
        var machine = RetryMachine(policy: policy, deadline: .seconds(1000), retryAfterSent: true)
        var delays: [Duration] = []
        for _ in 1...12 {
            guard case .retry(let delay) = machine.attemptFailed(.lost, now: .zero, random: 1, quota: &quota) else { break }
            delays.append(delay)
        }
        #expect(delays[..<4] == [.milliseconds(25), .milliseconds(50), .milliseconds(100), .milliseconds(200)])
        #expect(delays.suffix(2) == [.seconds(20), .seconds(20)])
    }

    @Test(
        "what the service asks for counts from the own delay to five seconds more",
        arguments: [(0, 25), (10, 25), (300, 300), (5025, 5025), (60_000, 5025)])
    func retryAfter(asked: Int, waited: Int) {
        var quota = RetryQuota(self.policy)
        var machine = self.machine()
        let failure = RetryMachine.Failure.answered(status: 503, .transient, retryAfter: .milliseconds(asked))
        #expect(machine.attemptFailed(failure, now: .zero, random: 1, quota: &quota) == .retry(after: .milliseconds(waited)))
    }

    @Test("a refusal for the clock is corrected once, at once and without a token, also for what must not run twice")
    func skewed() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine(retryAfterSent: false)
        #expect(machine.attemptFailed(.skewed, now: .zero, random: 1, quota: &quota) == .retry(after: .zero))
        #expect(machine.attempts == 2)
        #expect(quota.tokens == 500)
        #expect(machine.attemptFailed(.skewed, now: .zero, random: 1, quota: &quota) == .fail(.permanent))
        var late = self.machine(deadline: .seconds(1))
        #expect(late.attemptFailed(.skewed, now: .seconds(1), random: 1, quota: &quota) == .fail(.deadline))
        var policy = self.policy
        policy.maxAttempts = 1
        var single = RetryMachine(policy: policy, deadline: .seconds(1), retryAfterSent: true)
        #expect(single.attemptFailed(.skewed, now: .zero, random: 1, quota: &quota) == .fail(.attemptsUsed))
    }

    @Test("an attempt that another may follow has its own limit; the last one, and one that must not run twice, have all that is left")
    func attemptLimit() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine(deadline: .seconds(5))
        #expect(machine.attemptLimit(now: .zero) == .milliseconds(1500))
        #expect(machine.attemptLimit(now: .seconds(4)) == .seconds(1))
        for _ in 1...3 { _ = machine.attemptFailed(.lost, now: .zero, random: 0, quota: &quota) }
        #expect(machine.attemptLimit(now: .zero) == .seconds(5))
        #expect(self.machine(deadline: .seconds(5), retryAfterSent: false).attemptLimit(now: .seconds(1)) == .seconds(4))
    }

    @Test("a success gives back what its own retry took, a first try one token, never more than there were")
    func refund() {
        var quota = RetryQuota(self.policy)
        var machine = self.machine()
        _ = machine.attemptFailed(.answered(status: 400, .throttling), now: .zero, random: 0, quota: &quota)
        _ = machine.attemptFailed(.lost, now: .zero, random: 0, quota: &quota)
        #expect(quota.tokens == 500 - 5 - 14)
        machine.attemptSucceeded(quota: &quota)
        #expect(quota.tokens == 495)
        var other = self.machine()
        other.attemptSucceeded(quota: &quota)
        #expect(quota.tokens == 496)
    }

    @Test("the services of credentials have the general numbers")
    func general() {
        #expect(RetryPolicy.general.maxAttempts == 3)
        #expect(RetryPolicy.general.base == .milliseconds(50))
        #expect(RetryPolicy.general.throttledBase == .seconds(1))
    }

    @Test("attempts and mode come from the environment, then the profile; what is no number or mode is refused")
    func configured() throws {
        let files = try ProfileFiles(environment: Environment(["HOME": "/h"])) { (_) throws(AWSError) in
            "[default]\nmax_attempts = 7\nretry_mode = adaptive\n"
        }
        #expect(try RetryPolicy.resolve(environment: Environment([:]), files: nil) == RetryPolicy())
        #expect(try RetryPolicy.resolve(environment: Environment([:]), files: files).maxAttempts == 7)
        #expect(try RetryPolicy.resolve(environment: Environment(["AWS_MAX_ATTEMPTS": "2"]), files: files).maxAttempts == 2)
        for wrong in [["AWS_MAX_ATTEMPTS": "0"], ["AWS_MAX_ATTEMPTS": "many"], ["AWS_RETRY_MODE": "eager"]] {
            #expect(throws: AWSError.self) { try RetryPolicy.resolve(environment: Environment(wrong), files: nil) }
        }
    }
}
