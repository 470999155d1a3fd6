import Locked

/// The first of several sources that has credentials, asked by one flight at a time and kept until they end.
package final class CredentialChain: Sendable {
    private typealias Waiter = CheckedContinuation<Result<AWSCredentials, AWSError>, Never>

    private let sources: [any CredentialSource]
    private let now: @Sendable () -> Int64
    private let state = Locked(CredentialMachine<Waiter>())

    /// Sources in their order; `now` in seconds since 1970.
    package init(_ sources: [any CredentialSource], now: @escaping @Sendable () -> Int64) {
        self.sources = sources
        self.now = now
    }

    /// Environment, then shared profile files.
    package static func standard(_ environment: Environment, now: @escaping @Sendable () -> Int64) -> CredentialChain {
        CredentialChain([EnvironmentCredentials(environment), ProfileCredentials(environment)], now: now)
    }

    /// Usable credentials. Throws `.noCredentials` when no source has any, `.cancelled` when the caller's task was cancelled.
    package func credentials() async throws(AWSError) -> AWSCredentials {
        let now = self.now()
        if let credentials = self.state.withLock({ $0.current(now: now) }) { return credentials }
        let id = self.state.withLock { $0.nextID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { self.wait($0, id: id, now: now) }
        } onCancel: {
            self.leave(id)
        }
        return try result.get()
    }

    /// A service refused these credentials as expired or unknown: the next call reads the sources again, where they may have been replaced.
    package func refused(_ credentials: AWSCredentials) {
        self.state.withLock { $0.refused(credentials) }
    }

    private func wait(_ waiter: Waiter, id: UInt64, now: Int64) {
        switch self.state.withLock({ $0.arrived(waiter, id: id, now: now) }) {
        case .resume(let credentials): waiter.resume(returning: .success(credentials))
        case .wait: break
        case .startLoading: self.startFlight()
        }
        // The handler may have run before the waiter arrived.
        if Task.isCancelled { self.leave(id) }
    }

    private func leave(_ id: UInt64) {
        let waiter = self.state.withLock { $0.left(id) }
        waiter?.resume(returning: .failure(AWSError(.cancelled, "The task was cancelled while it waited for AWS credentials.")))
    }

    /// A task of its own, so that a cancelled caller does not end it for the others. Bounded by the sources' own deadlines.
    private func startFlight() {
        Task.detached {
            let result = await self.load()
            for waiter in self.state.withLock({ $0.finished(result) }) { waiter.resume(returning: result) }
        }
    }

    private func load() async -> Result<AWSCredentials, AWSError> {
        do throws(AWSError) {
            for source in self.sources {
                if let credentials = try await source.load() { return .success(credentials) }
            }
        } catch {
            return .failure(error)
        }
        return .failure(
            AWSError(
                .noCredentials,
                "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put keys into the profile of ~/.aws/credentials."))
    }
}
