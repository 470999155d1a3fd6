internal import SessionStore

/// What one of several stores answered to its part of a batch.
enum PartAnswer: Sendable {
    case answered([SessionKey: Result<Session?, SessionStoreError>])
    case failed(SessionStoreError, [SessionKey])

    /// All of them as one answer: a store that could not be asked fails its keys. Throws when none could: the first one's error.
    static func joined(_ parts: [PartAnswer]) throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var answers: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        var error: SessionStoreError?
        var isAnswered = false
        for part in parts {
            switch part {
            case .answered(let some):
                isAnswered = true
                answers.merge(some) { first, _ in first }
            case .failed(let failure, let keys):
                error = error ?? failure
                for key in keys { answers[key] = .failure(failure) }
            }
        }
        if let error, !isAnswered { throw error }
        return answers
    }
}
