/// What an item can hold, and how long it lives unless told otherwise.
///
/// Source of the sizes: Amazon DynamoDB Developer Guide, "Service, account, and table quotas" and "Naming rules and data types". Every store keeps to them,
/// so that data can move from one to another.
public enum SessionLimits {
    /// Bytes of a whole item, names included, by DynamoDB's size rules.
    public static let itemBytes = 400 * 1024
    /// Levels of lists and maps, counting the data itself and the innermost value.
    public static let nesting = 32
    /// Significant digits of a number.
    public static let numberDigits = 38
    /// Bytes of a field's name.
    public static let fieldNameBytes = 65_535
    /// A session's time to live: 30 days.
    public static let timeToLive = Duration.seconds(30 * 24 * 60 * 60)
    /// How long the mark of an upstream call lives: within this time the same call is not made again.
    public static let callTimeToLive = Duration.seconds(60)
}
