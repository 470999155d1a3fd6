import EmbeddedStore
import Foundation
import GRDB
import SessionStore
import TestSupport
import Testing

@Suite("The file of the store on SQLite", .timeLimit(.minutes(1)))
struct EmbeddedFileTests {
    let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func refusal(_ path: String) -> SessionStoreError? {
        #expect(throws: SessionStoreError.self) { _ = try EmbeddedStore(path: path) }
    }

    @Test("a path that cannot be a file is refused", arguments: ["", ":memory:", "folder/", "/proc/none/sessions.db"])
    func impossiblePath(path: String) {
        #expect(self.refusal(path)?.code == .misconfigured)
    }

    @Test("a folder in the place of the file is refused")
    func folderAsFile() {
        let error = self.refusal(self.folder.path)
        #expect(error?.code == .misconfigured)
        #expect(error?.description.contains(self.folder.path) == false)
    }

    @Test("a file that is no database is refused and left alone")
    func noDatabase() throws {
        let text = String(repeating: "not a database. ", count: 100)
        try text.write(toFile: self.folder.file("sessions.db"), atomically: true, encoding: .utf8)
        #expect(self.refusal(self.folder.file("sessions.db"))?.code == .misconfigured)
        #expect(try String(contentsOfFile: self.folder.file("sessions.db"), encoding: .utf8) == text)
    }

    @Test("another program's database is refused and left alone")
    func otherProgram() throws {
        let queue = try DatabaseQueue(path: self.folder.file("sessions.db"))
        try queue.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
        #expect(self.refusal(self.folder.file("sessions.db"))?.code == .misconfigured)
        #expect(try queue.read { try $0.tableExists("sessions") } == false)
        try queue.close()
    }

    @Test("a file of a later version is refused")
    func laterVersion() throws {
        try EmbeddedStore(path: self.folder.file("sessions.db")).close()
        let queue = try DatabaseQueue(path: self.folder.file("sessions.db"))
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let error = self.refusal(self.folder.file("sessions.db"))
        #expect(error?.code == .misconfigured)
        #expect(error?.message.contains("later version") == true)
    }

    @Test("several processes that open a new file at once and write to one session lose nothing")
    func processes() async throws {
        let path = self.folder.file("shared/sessions.db")
        let writer = TestEnvironment.product("embedded-writer")
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let (output, end) = try await ChildProcess.run([writer, path, "session-1", "process-\(number)", "25"])
                    #expect(end == .exit(code: 0), "a writer failed: \(output)")
                    return output
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        let versions = outputs.flatMap { $0.split(separator: "\n").compactMap { Int64($0) } }
        #expect(versions.count == 100)
        #expect(Set(versions).count == 100, "two writes have the same version")
        for output in outputs {
            let own = output.split(separator: "\n").compactMap { Int64($0) }
            #expect(own == own.sorted())
        }
        let store = try EmbeddedStore(path: path)
        let session = try await store.session(.session(try SessionID("session-1")))
        #expect(session?.data.count == 100)
        #expect(session?.version?.rawValue == versions.max())
        store.close()
    }
}
