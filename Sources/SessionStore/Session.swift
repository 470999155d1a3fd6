/// The position of a write in a session's history; grows with each write, also across deletion and re-creation.
public struct SessionVersion: Hashable, Comparable, Sendable {
    /// The number in the item's `version` attribute, 1 or more.
    public let rawValue: Int64

    /// That version.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Orders by history.
    public static func < (left: SessionVersion, right: SessionVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One session as a store knows it.
public struct Session: Hashable, Sendable {
    /// Which session, or whose memory.
    public var key: SessionKey
    /// Its fields.
    public var data: SessionData
    /// Whose it is; nil: nobody has claimed it yet.
    public var owner: UserID?
    /// Nil for items that a program without versions wrote.
    public var version: SessionVersion?
    /// When it ends (whole seconds in the item); nil for items that another program wrote without one.
    public var expiration: Timestamp?
    /// When it was created, if the item says.
    public var createdAt: Timestamp?
    /// When it was last written, if the item says.
    public var updatedAt: Timestamp?
    /// Where this copy comes from.
    public var origin: Origin

    /// Where a copy of a session comes from.
    public enum Origin: Hashable, Sendable {
        /// The source of truth, read for this call.
        case table
        /// The cache; `age` is the time since the table was read or written for it.
        case cache(age: Duration)
        /// The cache, older than the store usually answers with, because the table did not answer.
        case stale(age: Duration)
    }

    /// A session with these parts.
    @inlinable
    public init(
        key: SessionKey, data: SessionData, owner: UserID? = nil, version: SessionVersion? = nil, expiration: Timestamp? = nil,
        createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil, origin: Origin = .table
    ) {
        self.key = key
        self.data = data
        self.owner = owner
        self.version = version
        self.expiration = expiration
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.origin = origin
    }

    /// Whether it has ended. An item ends at its expiration, not when the table's sweeper comes by (up to days later).
    public func isExpired(at now: Timestamp) -> Bool {
        self.expiration.map { $0 <= now } ?? false
    }

    /// Whether `caller` may see and change it: an owned session answers its owner and operators, nobody else; the memory of a user likewise.
    public func admits(_ caller: Caller) -> Bool {
        switch caller {
        case .asOperator: true
        case .user(let id): (self.key.memoryOwner ?? self.owner ?? id) == id && (self.owner ?? id) == id
        case .anonymous: self.owner == nil && self.key.memoryOwner == nil
        }
    }
}
