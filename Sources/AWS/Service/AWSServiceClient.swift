package import EventLoop
package import HTTP
import Locked

/// Signed POST requests to one endpoint of a service with a JSON protocol, with credentials, retries and typed errors.
package final class AWSServiceClient: Sendable {
    /// What it was made with.
    package let configuration: AWSServiceConfiguration
    private let http: HTTPClient
    private let loop: UVLoop
    private let credentials: CredentialChain
    private let clock: AWSClock
    private let onServerDate: @Sendable (Int64) -> Void
    private let onRetry: @Sendable (RetryMachine.Failure) -> Void
    private let signer: Signer
    private let quota: Locked<RetryQuota>
    private let skew = Locked(ClockSkew())
    private let accountEndpoint = Locked<(account: String?, endpoint: AWSEndpoint)?>(nil)
    private let names = Locked(InvocationNumbers(seed: (.random(in: .min ... .max), .random(in: .min ... .max))))

    /// A client; connections belong to `http`. `onServerDate` hears the `Date` of every answer, in seconds since 1970, `onRetry` why there is another
    /// attempt.
    package init(
        configuration: AWSServiceConfiguration, http: HTTPClient, loop: UVLoop, credentials: CredentialChain, clock: AWSClock = .system,
        onServerDate: @escaping @Sendable (Int64) -> Void = { _ in },
        onRetry: @escaping @Sendable (RetryMachine.Failure) -> Void = { _ in }
    ) throws(AWSError) {
        self.configuration = configuration
        self.http = http
        self.loop = loop
        self.credentials = credentials
        self.clock = clock
        self.onServerDate = onServerDate
        self.onRetry = onRetry
        self.signer = try Signer(service: configuration.service, region: configuration.region)
        self.quota = Locked(RetryQuota(configuration.retry))
    }

    /// Sends a call until it has an answer below 300, an error that stays, or no time left.
    ///
    /// `deadline` is the time for all attempts and the waits between them, counted from now. Throws `AWSError`; its `outcome` is `.unknown` as soon as
    /// any attempt may have been executed.
    package func call(_ call: AWSCall, deadline: Duration) async throws(AWSError) -> HTTPAnswer {
        let end = self.clock.uptime() + deadline
        let policy = self.configuration.retry
        let invocation = Invocation(random: self.names.withLock { $0.next() }, maxAttempts: policy.maxAttempts)
        var machine = RetryMachine(policy: policy, deadline: end, retryAfterSent: call.retryAfterSent)
        var mayHaveRun = false
        var isFresh = false
        while true {
            do throws(AWSError) {
                let credentials = call.isSigned ? try await self.credentials.credentials() : nil
                let now = self.clock.uptime()
                let limit = machine.attemptLimit(now: now)
                let date = self.date
                var request = try self.signed(call, invocation, machine.attempts, with: credentials, at: date, limit: limit)
                request.needsFreshConnection = isFresh
                switch await self.attempt(request, limit: limit, signedAt: date, number: machine.attempts) {
                case .answer(let answer):
                    self.quota.withLock { machine.attemptSucceeded(quota: &$0) }
                    return answer
                case .failed(var error, let failure):
                    if let credentials, AWSError.credentialCodes.contains(error.code), failure != .skewed {
                        self.credentials.refused(credentials)
                    }
                    if error.outcome == .unknown { mayHaveRun = true }
                    if mayHaveRun { error.outcome = .unknown }
                    if error.kind == .deadlineExceeded { isFresh = true }
                    try await self.waitOrThrow(error, failure, &machine)
                }
            } catch {
                var error = error
                error.attempts = machine.attempts
                if mayHaveRun { error.outcome = .unknown }
                throw error
            }
        }
    }

    /// The service's time, as well as it is known: seconds since 1970.
    private var date: Int64 {
        self.clock.seconds() + self.skew.withLock { $0.correction }
    }

    private enum Attempt {
        case answer(HTTPAnswer)
        case failed(AWSError, RetryMachine.Failure)
    }

    private func attempt(_ request: HTTPCall, limit: Duration, signedAt: Int64, number: Int) async -> Attempt {
        do throws(HTTPError) {
            let answer = try await self.http.send(request, deadline: limit)
            let date = answer.date
            if let date { self.learn(date) }
            guard answer.hasIntactBody else { return .failed(.damaged(answer, attempts: number), .lost) }
            if (200..<300).contains(answer.status) { return .answer(answer) }
            let error = AWSError(answer, attempts: number)
            let skew = date.map { $0.subtractingReportingOverflow(signedAt).partialValue }
            return .failed(error, RetryMachine.Failure(error, retryAfter: answer.retryAfter, skew: skew))
        } catch {
            return .failed(AWSError(error, attempts: number), RetryMachine.Failure(error))
        }
    }

    /// Who listens learns first: the clock may be one that corrects itself by it.
    private func learn(_ date: Int64) {
        self.onServerDate(date)
        let now = self.clock.seconds()
        self.skew.withLock { $0.answered(date: date, localTime: now) }
    }

    /// Returns when the next attempt is due.
    private func waitOrThrow(_ error: AWSError, _ failure: RetryMachine.Failure, _ machine: inout RetryMachine) async throws(AWSError) {
        let now = self.clock.uptime()
        let random = self.clock.random()
        let action = self.quota.withLock { machine.attemptFailed(failure, now: now, random: random, quota: &$0) }
        switch action {
        case .fail: throw error
        case .retry(let delay):
            self.onRetry(failure)
            do throws(EventLoopError) {
                try await self.loop.sleep(for: delay)
            } catch {
                let kind: AWSError.Kind = error.code == .cancelled ? .cancelled : .closed
                throw AWSError(kind, "The wait before another attempt ended early: \(error.message).")
            }
        }
    }

    /// The request of one attempt, signed for this date (seconds since 1970).
    private func signed(
        _ call: AWSCall, _ invocation: Invocation, _ attempt: Int, with credentials: AWSCredentials?, at seconds: Int64, limit: Duration
    ) throws(AWSError) -> HTTPCall {
        let endpoint = try self.endpoint(for: credentials)
        let request = ServiceRequest(
            host: endpoint.host, path: endpoint.path, contentType: call.contentType, target: call.target, invocation: invocation,
            attempt: attempt, ttl: seconds + limit.components.seconds, body: call.body)
        let headers = try credentials.map { (credentials) throws(AWSError) in
            try self.signer.headers(of: request, with: credentials, at: seconds)
        }
        return HTTPCall(
            method: "POST", url: endpoint.url, headers: headers ?? request.headers(), body: call.body, isRepeatable: call.retryAfterSent)
    }

    /// The account's endpoint where there is one. Kept: it stays the same for one account.
    private func endpoint(for credentials: AWSCredentials?) throws(AWSError) -> AWSEndpoint {
        guard let rule = self.configuration.accountEndpoint else { return self.configuration.endpoint }
        let account = credentials?.accountID
        if let known = self.accountEndpoint.withLock({ $0?.account == account ? $0?.endpoint : nil }) { return known }
        let endpoint = try rule.endpoint(accountID: account) ?? self.configuration.endpoint
        self.accountEndpoint.withLock { $0 = (account, endpoint) }
        return endpoint
    }
}
