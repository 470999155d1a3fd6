import GRDB
import SessionStore

/// The table: a row for each item, its columns named like the attributes in DynamoDB.
enum SessionTable {
    /// In the file's header: what kind of file it is ("bses"), and the version of its tables.
    private static let applicationID = 0x6273_6573
    private static let schemaVersion = 1

    /// Whether the file is new. Throws `.misconfigured` for files of other programs and of later versions of this one.
    static func needsCreation(_ database: Database) throws -> Bool {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == Self.applicationID {
            guard version <= Self.schemaVersion else {
                throw SessionStoreError(.misconfigured, "a later version of this program wrote the file of sessions; use that version")
            }
            return version < Self.schemaVersion
        }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard application == 0, version == 0, tables == 0 else {
            throw SessionStoreError(.misconfigured, "the file for sessions holds another program's data; choose another path")
        }
        return true
    }

    /// Creates the tables. Inside a transaction, where another process may have been quicker.
    static func create(_ database: Database) throws {
        guard try Self.needsCreation(database) else { return }
        try database.execute(
            sql: """
                CREATE TABLE sessions (
                    session_id TEXT PRIMARY KEY NOT NULL,
                    user_id TEXT,
                    data TEXT, -- as DynamoDB's JSON; NULL: deleted
                    expiration INTEGER, -- unix seconds
                    version INTEGER,
                    write_id TEXT,
                    created_at INTEGER, -- unix milliseconds
                    updated_at INTEGER -- unix milliseconds
                );
                CREATE INDEX sessions_by_expiration ON sessions (expiration);
                CREATE TABLE removed (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
                INSERT INTO removed VALUES (1, 0);
                PRAGMA application_id = \(Self.applicationID);
                PRAGMA user_version = \(Self.schemaVersion);
                """)
    }

    /// Throws `.tableMissing` where there is no table.
    static func check(_ database: Database) throws {
        guard try database.tableExists("sessions") else {
            throw SessionStoreError(.tableMissing, "the file holds no sessions; open it again, which creates the table")
        }
    }

    /// The record under `key`; nil where there is no row; a failure for one that this program did not write.
    static func record(_ database: Database, _ key: SessionKey) throws -> Result<SessionRecord, SessionStoreError>? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT user_id, data, expiration, version, write_id, created_at, updated_at FROM sessions WHERE session_id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [key.rawValue]) else { return nil }
        return Result { () throws(SessionStoreError) in try SessionRecord(row) }
    }

    /// Puts `record` in the place of the one before.
    static func put(_ database: Database, _ record: SessionRecord, under key: SessionKey) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO sessions (session_id, user_id, data, expiration, version, write_id, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            key.rawValue, record.owner?.rawValue, record.data.map(DataText.encode), record.expiration?.seconds, record.version?.rawValue,
            record.writeID, record.createdAt?.milliseconds, record.updatedAt?.milliseconds,
        ])
    }

    /// The highest version among the rows that were removed.
    static func removedVersion(_ database: Database) throws -> SessionVersion? {
        let statement = try database.cachedStatement(sql: "SELECT version FROM removed WHERE id = 1")
        return try Int64.fetchOne(statement).map(SessionVersion.init)
    }

    /// Removes up to `limit` rows that have ended, and notes their highest version: what is created under their keys begins above it.
    static func removeEnded(_ database: Database, at now: Timestamp, limit: Int) throws {
        let select = try database.cachedStatement(
            sql: "SELECT rowid, coalesce(version, 0) AS version FROM sessions WHERE expiration <= ? ORDER BY expiration LIMIT ?")
        let rows = try Row.fetchAll(select, arguments: [now.seconds, limit])
        guard !rows.isEmpty else { return }
        var highest: Int64 = 0
        let delete = try database.cachedStatement(sql: "DELETE FROM sessions WHERE rowid = ?")
        for row in rows {
            let version: Int64? = row["version"]
            highest = max(highest, version ?? 0)
            let id: Int64? = row["rowid"]
            try delete.execute(arguments: [id])
        }
        let note = try database.cachedStatement(sql: "UPDATE removed SET version = max(version, ?) WHERE id = 1")
        try note.execute(arguments: [highest])
    }
}

extension SessionRecord {
    /// Throws `.malformedItem` for a row that this program did not write.
    fileprivate init(_ row: Row) throws(SessionStoreError) {
        do {
            let text = try String?.fromDatabaseValue(row["data"], or: Self.malformed)
            let owner = try String?.fromDatabaseValue(row["user_id"], or: Self.malformed)
            self.init(data: nil)
            self.data = try text.map { try DataText.decode($0) }
            self.owner = try owner.flatMap { $0.isEmpty ? nil : $0 }.map { try UserID($0) }
            self.version = try Int64?.fromDatabaseValue(row["version"], or: Self.malformed).map(SessionVersion.init)
            self.writeID = try String?.fromDatabaseValue(row["write_id"], or: Self.malformed)
            self.expiration = try Int64?.fromDatabaseValue(row["expiration"], or: Self.malformed).map(Timestamp.init(seconds:))
            self.createdAt = try Int64?.fromDatabaseValue(row["created_at"], or: Self.malformed).map(Timestamp.init(milliseconds:))
            self.updatedAt = try Int64?.fromDatabaseValue(row["updated_at"], or: Self.malformed).map(Timestamp.init(milliseconds:))
        } catch {
            throw Self.malformed
        }
    }

    private static var malformed: SessionStoreError {
        SessionStoreError(.malformedItem, "a row of the file of sessions was not written by this program; remove the row")
    }
}

extension Optional where Wrapped: DatabaseValueConvertible {
    fileprivate static func fromDatabaseValue(_ value: DatabaseValue, or error: SessionStoreError) throws(SessionStoreError) -> Wrapped? {
        if value.isNull { return nil }
        guard let wrapped = Wrapped.fromDatabaseValue(value) else { throw error }
        return wrapped
    }
}
