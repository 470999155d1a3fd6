package import SessionStore

/// A store that writes into a history what is asked of it and what it answers. One for each client.
package struct RecordedStore: SessionStore {
    private let base: any SessionStore
    private let history: History
    private let client: Int

    /// Records the calls of that client on `base`.
    package init(_ base: any SessionStore, in history: History, client: Int) {
        self.base = base
        self.history = history
        self.client = client
    }

    package func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let operation = self.history.began(.read(read.consistency), read.key, as: read.caller, client: self.client)
        do throws(SessionStoreError) {
            let session = try await self.base.read(read)
            self.history.ended(operation, .answered(session))
            return session
        } catch {
            self.history.ended(operation, .failed(error))
            throw error
        }
    }

    package func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        let operations = Set(keys).sorted { $0.rawValue < $1.rawValue }.map { key in
            (key, self.history.began(.read(consistency), key, as: caller, client: self.client))
        }
        do throws(SessionStoreError) {
            let answers = try await self.base.read(batch: keys, as: caller, consistency: consistency)
            for (key, operation) in operations {
                switch answers[key] {
                case .success(let session)?: self.history.ended(operation, .answered(session))
                case .failure(let error)?: self.history.ended(operation, .failed(error))
                case nil: break
                }
            }
            return answers
        } catch {
            for (_, operation) in operations { self.history.ended(operation, .failed(error)) }
            throw error
        }
    }

    package func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        let operation = self.history.began(.write(write.change), write.key, as: write.caller, client: self.client)
        do throws(SessionStoreError) {
            let result = try await self.base.write(write)
            self.history.ended(operation, .acknowledged(result))
            return result
        } catch {
            self.history.ended(operation, .failed(error))
            throw error
        }
    }
}
