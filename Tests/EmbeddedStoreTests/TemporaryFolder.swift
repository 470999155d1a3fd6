import Foundation

/// A folder of its own for each test, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        self.path = NSTemporaryDirectory() + "embedded-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// A file in it.
    func file(_ name: String = "sessions.db") -> String { self.path + "/" + name }
}
