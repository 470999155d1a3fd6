internal import EventLoop

/// Credentials that are made for each connection.
extension Connection {
    /// Gets what AUTH sends, then dials.
    func dialWithCredentials(_ attempt: UInt64) {
        guard let source = self.credentialSource else { return self.dial(attempt, as: self.configuration.credentials) }
        let bound = LoopBound(self, loop: self.loop)
        Task(executorPreference: self.loop) {
            do throws(RedisError) {
                let credentials = try await source.credentials()
                bound.value.credentialsCame(.success(credentials), attempt)
            } catch {
                bound.value.credentialsCame(.failure(error), attempt)
            }
        }
    }

    private func credentialsCame(_ made: Result<RedisCredentials, RedisError>, _ attempt: UInt64) {
        // The attempt may be over by now.
        guard self.attemptTimer != nil, self.machine.attempt == attempt else { return }
        switch made {
        case .success(let credentials): self.dial(attempt, as: credentials)
        case .failure(let error): self.fail(attempt: attempt, error)
        }
    }
}
