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
///
/// A copy costs one count of references, however much is in it: what it holds lies apart, and is never changed there.
public struct Session: Hashable, Sendable {
    private var contents: Contents
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
    public init(
        key: SessionKey, data: SessionData, owner: UserID? = nil, version: SessionVersion? = nil, expiration: Timestamp? = nil,
        createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil, origin: Origin = .table
    ) {
        self.contents = Contents(
            Parts(
                key: key, data: data, owner: owner, version: version, expiration: expiration, createdAt: createdAt, updatedAt: updatedAt))
        self.origin = origin
    }

    /// Which session, or whose memory.
    public var key: SessionKey {
        get { self.contents.parts.key }
        set { self.change { $0.key = newValue } }
    }

    /// Its fields.
    public var data: SessionData {
        get { self.contents.parts.data }
        set { self.change { $0.data = newValue } }
    }

    /// Whose it is; nil: nobody has claimed it yet.
    public var owner: UserID? {
        get { self.contents.parts.owner }
        set { self.change { $0.owner = newValue } }
    }

    /// Nil for items that a program without versions wrote.
    public var version: SessionVersion? {
        get { self.contents.parts.version }
        set { self.change { $0.version = newValue } }
    }

    /// When it ends (whole seconds in the item); nil for items that another program wrote without one.
    public var expiration: Timestamp? {
        get { self.contents.parts.expiration }
        set { self.change { $0.expiration = newValue } }
    }

    /// When it was created, if the item says.
    public var createdAt: Timestamp? {
        get { self.contents.parts.createdAt }
        set { self.change { $0.createdAt = newValue } }
    }

    /// When it was last written, if the item says.
    public var updatedAt: Timestamp? {
        get { self.contents.parts.updatedAt }
        set { self.change { $0.updatedAt = newValue } }
    }

    private mutating func change(_ change: (inout Parts) -> Void) {
        var parts = self.contents.parts
        change(&parts)
        self.contents = Contents(parts)
    }

    private struct Parts: Hashable, Sendable {
        var key: SessionKey
        var data: SessionData
        var owner: UserID?
        var version: SessionVersion?
        var expiration: Timestamp?
        var createdAt: Timestamp?
        var updatedAt: Timestamp?
    }

    private final class Contents: Hashable, Sendable {
        let parts: Parts

        init(_ parts: Parts) {
            self.parts = parts
        }

        static func == (left: Contents, right: Contents) -> Bool {
            left === right || left.parts == right.parts
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(self.parts)
        }
    }

    /// Whether it has ended. An item ends at its expiration, not when the table's sweeper comes by (up to days later).
    public func isExpired(at now: Timestamp) -> Bool {
        self.expiration.map { $0 <= now } ?? false
    }

    /// Whether `caller` may see and change it: an owned session answers its owner and operators, nobody else; the memory of a user likewise.
    public func admits(_ caller: Caller) -> Bool {
        switch caller {
        case .asOperator: return true
        case .user(let id):
            if let owner = self.owner, owner != id { return false }
            if case .user(let owner) = self.contents.parts.key { return owner == id }
            return true
        case .anonymous:
            if case .user = self.contents.parts.key { return false }
            return self.contents.parts.owner == nil
        }
    }
}
