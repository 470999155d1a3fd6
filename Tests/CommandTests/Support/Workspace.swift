import Foundation

/// A folder that a program runs in, removed with it.
final class Workspace: Sendable {
    let path: String

    init() throws {
        self.path = NSTemporaryDirectory() + "bedrock-sessions-command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file into the folder; answers with its path.
    func file(_ name: String, _ content: [UInt8]) throws -> String {
        let path = self.path + "/" + name
        try Data(content).write(to: URL(fileURLWithPath: path))
        return path
    }
}
