import Locked

/// The first of several sources that has credentials, asked by one flight at a time, kept, and refreshed ahead of their end.
package final class CredentialChain: Sendable {
    private typealias Waiter = CheckedContinuation<Result<AWSCredentials, AWSError>, Never>

    private let sources: [any CredentialSource]
    private let now: @Sendable () -> Int64
    private let onClose: @Sendable () async -> Void
    private let state = Locked(CredentialMachine<Waiter>())

    /// Sources in their order; `now` in seconds since 1970. `onClose` releases what they share.
    package init(
        _ sources: [any CredentialSource], now: @escaping @Sendable () -> Int64, onClose: @escaping @Sendable () async -> Void = {}
    ) {
        self.sources = sources
        self.now = now
        self.onClose = onClose
    }

    /// Usable credentials. Throws `.noCredentials` when no source has any, what a source says that does not work, `.cancelled` when the caller's task
    /// was cancelled.
    package func credentials() async throws(AWSError) -> AWSCredentials {
        let now = self.now()
        switch self.state.withLock({ $0.lookUp(now: now) }) {
        case .use(let credentials): return credentials
        case .useAndRefresh(let credentials):
            self.startFlight()
            return credentials
        case .wait: break
        }
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

    /// Asks the sources anew, and says what each of them has.
    package func report() async -> CredentialReport {
        var entries: [CredentialReport.Entry] = []
        var isOver = false
        for source in self.sources {
            var outcome = CredentialReport.Outcome.notAsked
            if !isOver {
                do throws(AWSError) {
                    switch try await source.load() {
                    case .found(let credentials):
                        outcome = .used(.init(isTemporary: credentials.sessionToken != nil, expiration: credentials.expiration))
                        isOver = true
                    case .absent(let reason): outcome = .absent(reason)
                    }
                } catch {
                    outcome = .failed(error.message)
                    isOver = true
                }
            }
            entries.append(CredentialReport.Entry(source: source.name, outcome: outcome))
        }
        return CredentialReport(entries: entries)
    }

    /// Releases the connections of the sources.
    package func close() async {
        await self.onClose()
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

    /// A task of its own, so that a cancelled caller does not end it for the others. Not on the loop: sources read files. Bounded by the sources' own
    /// deadlines.
    private func startFlight() {
        if let loaded = self.loadImmediately() { return self.land(loaded) }
        Task.detached { self.land(await self.load()) }
    }

    private func land(_ loaded: Result<AWSCredentials, AWSError>) {
        let now = self.now()
        let (waiters, result) = self.state.withLock { $0.finished(loaded, now: now) }
        for waiter in waiters { waiter.resume(returning: result) }
    }

    /// What the first sources have at hand; nil when one has to be asked that does not answer at once.
    private func loadImmediately() -> Result<AWSCredentials, AWSError>? {
        do throws(AWSError) {
            for source in self.sources {
                switch try source.find() {
                case .found(let credentials): return .success(credentials)
                case .absent: continue
                case nil: return nil
                }
            }
        } catch {
            return .failure(error)
        }
        return nil
    }

    private func load() async -> Result<AWSCredentials, AWSError> {
        do throws(AWSError) {
            for source in self.sources {
                if case .found(let credentials) = try await source.load() { return .success(credentials) }
            }
        } catch {
            return .failure(error)
        }
        return .failure(
            AWSError(
                .noCredentials,
                "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, put keys or a role into the profile, or give the container "
                    + "or instance a role (`bedrock-sessions doctor --credentials` says what was looked at)."))
    }
}
