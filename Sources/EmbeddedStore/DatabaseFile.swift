import Foundation
import GRDB
import SessionStore

/// Opening the file: folders, rights, modes, schema.
enum DatabaseFile {
    private static let pauseMicroseconds: UInt32 = 25_000

    /// Opens or creates the file at `path`, ready for use. Throws `.misconfigured`, `.unavailable` and `.throttled`.
    static func open(_ path: String, busyTimeout: Duration) throws(SessionStoreError) -> DatabasePool {
        guard !path.isEmpty, !path.hasPrefix(":"), !path.hasSuffix("/") else {
            throw SessionStoreError(.misconfigured, "the store on disk needs the path of a file, like .data/sessions.db")
        }
        try Self.createFolder(of: path)
        // Switching to WAL, and recovering it after a crash, do not wait for other processes as transactions do.
        let deadline = ContinuousClock.now + max(busyTimeout, .seconds(1))
        while true {
            do throws(SessionStoreError) {
                return try Self.attempt(path, busyTimeout: busyTimeout)
            } catch {
                guard error.code == .throttled, ContinuousClock.now < deadline else { throw error }
                usleep(Self.pauseMicroseconds)
            }
        }
    }

    private static func attempt(_ path: String, busyTimeout: Duration) throws(SessionStoreError) -> DatabasePool {
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration(path, busyTimeout: busyTimeout))
            // GRDB sets NORMAL, which may lose the last commits when the power fails: https://www.sqlite.org/pragma.html#pragma_synchronous
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            if try pool.read({ try SessionTable.needsCreation($0) }) {
                try pool.write { try SessionTable.create($0) }
            }
            return pool
        } catch {
            throw SessionStoreError(sqlite: error)
        }
    }

    private static func configuration(_ path: String, busyTimeout: Duration) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(Double(busyTimeout.wholeMilliseconds) / 1000)
        configuration.label = "EmbeddedStore"
        if !FileManager.default.fileExists(atPath: path) {
            // Session ids are credentials: a new file is its owner's alone, and the files that SQLite puts beside it take its rights.
            configuration.prepareDatabase { _ in
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
        }
        return configuration
    }

    private static func createFolder(of path: String) throws(SessionStoreError) {
        let folder = (path as NSString).deletingLastPathComponent
        guard !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SessionStoreError(
                .misconfigured, "the folder of the store on disk cannot be created; check its path and rights",
                underlying: "Cocoa error \((error as NSError).code)")
        }
    }
}
