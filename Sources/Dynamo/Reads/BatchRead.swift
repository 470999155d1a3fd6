import SessionStore

/// One question about up to a hundred items, asked until all are answered: DynamoDB may leave keys unprocessed (throttling, or answers beyond 16 MB).
/// Pure.
///
/// Source: Amazon DynamoDB API reference, BatchGetItem: "If you delay the batch operation using exponential backoff, the individual requests in the batch are
/// much more likely to succeed."
struct BatchRead {
    /// What to do next.
    enum Action: Hashable, Sendable {
        /// Send a BatchGetItem for these keys.
        case send([SessionKey])
        /// Wait for a random part of this.
        case wait(upTo: Duration)
        /// Every key has its result.
        case done
    }

    /// Requests that answered no key at all, one after the other, until the rest is given up.
    static let maximumIdleRounds = 8
    /// Keys of a request.
    static let maximumKeys = 100

    /// What became of each key.
    private(set) var results: [SessionKey: Result<StoredItem?, DynamoError>] = [:]
    private var open: [SessionKey]
    private var rounds = 0
    private var idleRounds = 0

    /// A question about these keys, each once.
    init(_ keys: [SessionKey]) {
        self.open = keys
        self.results.reserveCapacity(keys.count)
    }

    func started() -> Action {
        self.open.isEmpty ? .done : .send(self.open)
    }

    /// A request was answered: `unprocessed` are to be asked again, of the others those without an item are not there.
    mutating func answered(_ items: [SessionKey: StoredItem], unprocessed: Set<SessionKey>) -> Action {
        for key in self.open where !unprocessed.contains(key) { self.results[key] = .success(items[key]) }
        let left = self.open.filter { unprocessed.contains($0) }
        self.idleRounds = left.count == self.open.count ? self.idleRounds + 1 : 0
        self.open = left
        if left.isEmpty { return .done }
        if self.idleRounds >= Self.maximumIdleRounds { return self.gaveUp(.unprocessed) }
        defer { self.rounds += 1 }
        // 25 ms, doubled with each request, up to 1.6 s; a random part of it is waited.
        return .wait(upTo: .milliseconds(25 << min(self.rounds, 6)))
    }

    func waited() -> Action { .send(self.open) }

    /// A request failed, or there is no time for another one: what is open stays without an answer.
    mutating func gaveUp(_ error: DynamoError) -> Action {
        for key in self.open { self.results[key] = .failure(error) }
        self.open = []
        return .done
    }

    /// Splits keys into requests: each key once, in the order of their first mention, a hundred at most together.
    static func requests(for keys: [SessionKey]) -> [[SessionKey]] {
        var seen = Set<SessionKey>(minimumCapacity: keys.count)
        // The service refuses a request that names a key twice.
        let keys = keys.filter { seen.insert($0).inserted }
        return stride(from: 0, to: keys.count, by: Self.maximumKeys).map { Array(keys[$0..<min($0 + Self.maximumKeys, keys.count)]) }
    }
}
