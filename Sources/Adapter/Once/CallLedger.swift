import JSON
import SessionStore

/// Remembers for a minute which calls of the upstream API were begun and what came of them, so that none is made twice.
///
/// The mark lies in an item of its own (`SessionKey.call`), beside sessions, whose `data` users see. Each caller adds a mark of its own to the item; a write is
/// fenced and answers what the item then holds, so of any number of callers exactly one finds no other mark than its own, and that one calls.
struct CallLedger: Sendable {
    /// Bytes of an answer that is kept.
    static let maximumAnswer = 4096

    private static let markPrefix = "mark_"
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
        // A look first: each write would prolong the mark.
        if let known = try await self.store.session(.call(key), as: caller, consistency: .strong) { return Self.claim(known.data) }
        let mark = Self.markPrefix + WriteID.random()
        let result = try await self.store.update(.call(key), set: [mark: true], as: caller)
        guard let data = result.session?.data, data[mark] != nil else { return .pending }
        return data.count == 1 ? .mine : Self.claim(data)
    }

    /// Notes the answer of a call. One that is too long is noted as given, without what it said.
    func finish(_ key: CallKey, with answer: ActionAnswer, as caller: Caller) async throws(SessionStoreError) {
        var text = StoredAnswer.encode(answer)
        if text.utf8.count > Self.maximumAnswer {
            let short = ActionAnswer(
                .succeeded(answer.status.httpStatus), "This very action was done a moment ago and was not repeated. Its answer is no longer known here.")
            text = StoredAnswer.encode(short)
        }
        try await self.store.update(.call(key), set: [Self.answerField: .string(text)], as: caller)
    }

    /// Takes the mark of a call away that was never sent.
    func withdraw(_ key: CallKey, as caller: Caller) async throws(SessionStoreError) {
        try await self.store.delete(.call(key), as: caller)
    }

    private static func claim(_ data: SessionData) -> Claim {
        guard let text = data[Self.answerField]?.string, let answer = StoredAnswer.decode(text) else { return .pending }
        return .known(answer)
    }
}
