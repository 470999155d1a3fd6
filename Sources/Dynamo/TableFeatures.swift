/// What a table may have that sessions do not need.
public struct TableFeatures: Hashable, Sendable {
    /// A global secondary index on `user_id`, keys only, under the configuration's `userIndex`: `sessions(of:)` asks it. With it, DynamoDB refuses
    /// items whose `user_id` is anything but a text that is not empty.
    public var userIndex: Bool
    /// Point-in-time recovery: the table can be restored to any second of the last 35 days. AWS charges for it by size.
    public var pointInTimeRecovery: Bool

    /// A table with these.
    public init(userIndex: Bool = false, pointInTimeRecovery: Bool = false) {
        self.userIndex = userIndex
        self.pointInTimeRecovery = pointInTimeRecovery
    }
}
