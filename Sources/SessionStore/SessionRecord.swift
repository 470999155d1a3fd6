/// What a store holds under a key, ended or not: the item of the table as the rules see it.
package struct SessionRecord: Hashable, Sendable {
    /// The fields; nil: deleted, what is left is the mark of the deletion.
    package var data: SessionData?
    /// Whose it is; nil in a deletion's mark.
    package var owner: UserID?
    /// Nil for items that a program without versions wrote.
    package var version: SessionVersion?
    /// Tells one write from another.
    package var writeID: String?
    /// When it ends; for a deletion's mark the instant of the deletion.
    package var expiration: Timestamp?
    /// When this life of it began.
    package var createdAt: Timestamp?
    /// When it was last written.
    package var updatedAt: Timestamp?

    /// A record with these parts.
    package init(
        data: SessionData?, owner: UserID? = nil, version: SessionVersion? = nil, writeID: String? = nil, expiration: Timestamp? = nil,
        createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil
    ) {
        self.data = data
        self.owner = owner
        self.version = version
        self.writeID = writeID
        self.expiration = expiration
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The session this record is at that instant; nil when it has ended or was deleted.
    package func session(_ key: SessionKey, at now: Timestamp, origin: Session.Origin = .table) -> Session? {
        guard let data = self.data else { return nil }
        let session = Session(
            key: key, data: data, owner: self.owner, version: self.version, expiration: self.expiration, createdAt: self.createdAt,
            updatedAt: self.updatedAt, origin: origin)
        return session.isExpired(at: now) ? nil : session
    }

    /// Whether it has ended or was deleted: a store may remove it, if it remembers the highest version that it removed.
    package func hasEnded(at now: Timestamp) -> Bool {
        self.expiration.map { $0 <= now } ?? false
    }

    /// Bytes of the item, by DynamoDB's size rules.
    package func itemSize(_ key: SessionKey) -> Int {
        // The attributes' names, and numbers and the write id at their longest.
        let fixed = 61 + 4 * 11 + 32
        let owner = self.owner.map { $0.rawValue.utf8.count } ?? 0
        return fixed + key.rawValue.utf8.count + owner + SessionValue.map(self.data ?? [:]).itemSize
    }
}
