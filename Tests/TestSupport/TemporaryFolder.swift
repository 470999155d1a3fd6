import Foundation

/// A folder of its own for a test, removed with it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        self.path = NSTemporaryDirectory() + "bedrock-sessions-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// The path of a file in it.
    package func file(_ name: String) -> String { self.path + "/" + name }

    /// Writes a file into it; answers with its path.
    package func file(_ name: String, _ content: [UInt8]) throws -> String {
        try Data(content).write(to: URL(fileURLWithPath: self.file(name)))
        return self.file(name)
    }
}
