import AWS
import JSON
public import SessionStore

extension DynamoStore {
    /// The live sessions of a user, as that user would read them, in no order.
    ///
    /// An index names them (`TableFeatures.userIndex`), which knows of a write a moment later than the table; each session is then read from the table,
    /// consistently. Needs the right `dynamodb:Query` on the index. Throws `.misconfigured` when the table has no such index.
    ///
    /// - Parameter limit: Sessions that the index names at most.
    public func sessions(of user: UserID, limit: Int = 1000) async throws(SessionStoreError) -> [Session] {
        var ids: [SessionKey] = []
        var place: JSONValue?
        repeat {
            let page: DynamoClient.Page<String>
            do throws(DynamoError) {
                page = try await self.client.queryKeys(
                    table: self.configuration.table, index: self.configuration.userIndex, .owner, is: user.rawValue, after: place,
                    limit: max(1, min(limit, 1000)), deadline: self.configuration.readDeadline)
            } catch {
                throw self.indexError(error)
            }
            // The memory of the user has the same owner, and is no session.
            ids += page.elements.compactMap { try? SessionID($0) }.map { .session($0) }
            place = page.next
        } while place != nil && ids.count < limit
        let answers = try await self.read(batch: Array(ids.prefix(max(0, limit))), as: .user(user), consistency: .strong)
        var sessions: [Session] = []
        for answer in answers.values {
            do throws(SessionStoreError) {
                guard let session = try answer.get(), session.owner == user else { continue }
                sessions.append(session)
            } catch {
                // Between the two reads it came to somebody else.
                guard error.code == .notOwner else { throw error }
            }
        }
        return sessions
    }

    func indexError(_ error: DynamoError) -> SessionStoreError {
        guard error.code == "ValidationException", error.serviceMessage.lowercased().mentions("index") else { return error.storeError }
        return SessionStoreError(
            .misconfigured,
            "the table \(self.configuration.table) has no index \(self.configuration.userIndex): create it with "
                + "createTable(with: TableFeatures(userIndex: true))", underlying: error.storeError.underlying)
    }
}
