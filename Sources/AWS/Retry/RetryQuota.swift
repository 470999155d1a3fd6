/// The tokens that the calls of one client share: while a service fails, retries end before they become its load.
package struct RetryQuota: Hashable, Sendable {
    /// What is left.
    package private(set) var tokens: Int
    private let capacity: Int

    /// A full quota.
    package init(_ policy: RetryPolicy) {
        self.tokens = policy.quota
        self.capacity = policy.quota
    }

    /// Takes tokens if there are as many.
    mutating func take(_ count: Int) -> Bool {
        guard self.tokens >= count else { return false }
        self.tokens -= count
        return true
    }

    /// Puts tokens back.
    mutating func give(_ count: Int) {
        self.tokens = min(self.capacity, self.tokens + count)
    }
}
