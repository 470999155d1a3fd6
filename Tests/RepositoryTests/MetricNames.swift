import Foundation
import TestSupport

/// The names of the metrics in the sources, as they are written there.
enum MetricNames {
    static func all() throws -> Set<String> {
        let sources = TestEnvironment.repository.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var names: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.lastPathComponent.hasSuffix("Metrics.swift") else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            names.formUnion(text.matches(of: /"(bedrock_sessions\.[a-z_.]+)"/).map { String($0.1) })
        }
        return names
    }
}
