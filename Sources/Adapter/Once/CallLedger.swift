import JSON
import SessionStore

/// Remembers for a minute which calls of the upstream API were begun and what came of them, so that none is made twice.
///
/// The mark lies in an item of its own (`SessionKey.call`), beside sessions, whose `data` users see. It is written on the condition that there is none, so
/// that of any number of callers one has written it, and that one calls.
struct CallLedger: Sendable {
    /// Bytes of an answer that is kept.
    static let maximumAnswer = 4096

    private static let begunField = "begun"
    private static let answerField = "answer"

    private let store: any SessionStore

    init(store: any SessionStore) {
        self.store = store
    }

    /// What is known of a call before it is made.
    enum Claim: Hashable, Sendable {
        /// Nothing: whoever hears this makes it, and nobody else.
        case mine
        /// It was begun; nothing says what became of it.
        case pending
        /// It was made, and this was the answer.
        case known(ActionAnswer)
    }

    /// Marks a call as begun, if it is not. Throws what the store throws; then it must not be made.
    func claim(_ key: CallKey, as caller: Caller) async throws(SessionStoreError) -> Claim {
        if let known = try await self.look(key, caller) { return known }
        do throws(SessionStoreError) {
            _ = try await self.store.write(
                SessionWrite(.call(key), .update(set: [Self.begunField: true], remove: []), as: caller, onlyIf: .absent))
            return .mine
        } catch {
            guard error.code == .conflict else { throw error }
            // Somebody else was faster, or has finished meanwhile.
            return try await self.look(key, caller) ?? .pending
        }
    }

    private func look(_ key: CallKey, _ caller: Caller) async throws(SessionStoreError) -> Claim? {
        guard let item = try await self.store.session(.call(key), as: caller, consistency: .strong) else { return nil }
        guard let text = item.data[Self.answerField]?.string, let answer = StoredAnswer.decode(text) else { return .pending }
        return .known(answer)
    }

    /// Notes the answer of a call. One that is too long is noted as given, without what it said.
    func finish(_ key: CallKey, with answer: ActionAnswer, as caller: Caller) async throws(SessionStoreError) {
        var text = StoredAnswer.encode(answer)
        if text.utf8.count > Self.maximumAnswer {
            let short = ActionAnswer(
                .succeeded(answer.status.httpStatus),
                "This very action was done a moment ago and was not repeated. Its answer is no longer known here.")
            text = StoredAnswer.encode(short)
        }
        try await self.store.update(.call(key), set: [Self.answerField: .string(text)], as: caller)
    }

    /// Takes the mark of a call away that was never sent.
    func withdraw(_ key: CallKey, as caller: Caller) async throws(SessionStoreError) {
        try await self.store.delete(.call(key), as: caller)
    }
}
