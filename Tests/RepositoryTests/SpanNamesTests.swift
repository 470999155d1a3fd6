import Foundation
import TestSupport
import Testing

@Suite("The names of spans")
struct SpanNamesTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: TestEnvironment.repository.appending(path: path), encoding: .utf8)
    }

    /// The Swift files below `Sources`, by their paths there.
    private static func sources() throws -> [String: String] {
        let folder = TestEnvironment.repository.appending(path: "Sources").path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        return Dictionary(uniqueKeysWithValues: try paths.map { ($0, try Self.text("Sources/\($0)")) })
    }

    @Test("operators find each of them, and each attribute, in docs/OPERATIONS.md")
    func documented() throws {
        let names = try Self.text("Sources/Spans/SpanNames.swift")
            .matches(of: /(?:SpanName\(|case \w+ = )"([a-z_.]+)/).map { String($0.1) }
        let page = try Self.text("docs/OPERATIONS.md")
        #expect(names.count >= 20)
        for name in names { #expect(page.contains("`\(name)"), "\(name)") }
    }

    @Test("spans are begun and described in one room alone, so that no other name and no text of an error gets into one")
    func oneRoom() throws {
        for (path, text) in try Self.sources() where !path.hasPrefix("Spans/") && !path.hasPrefix("Observability/Traces/") {
            for call in ["startSpan", "withSpan", "recordError", "addEvent", "SpanAttributes"] {
                #expect(!text.contains(call), "\(path) calls \(call)")
            }
        }
    }
}
