import Foundation
import TestSupport
import Testing

@testable import AWS

@Suite("SigV4 test suite")
struct SigV4SuiteTests {
    /// Runs all cases of a folder; answers with how many forms were compared.
    private func run(_ folder: String) throws -> (suite: SuiteReader, forms: Int) {
        let suite = try SuiteReader(folder: folder)
        var forms = 0
        for one in suite.cases {
            let differences = try SuiteRunner(one).differences()
            #expect(differences.isEmpty, "\(one.name)")
            forms += (one.header == nil ? 0 : 1) + (one.query == nil ? 0 : 1)
        }
        return (suite, forms)
    }

    @Test(
        "every applicable case of the suite in the directory that SIGV4_SUITE names passes, the others are listed with the reason",
        .enabled(
            if: TestEnvironment.isCI || TestEnvironment.variable("SIGV4_SUITE") != nil,
            "scripts/install-servers fetches AWS's suite, scripts/with-servers names it in SIGV4_SUITE"))
    func published() throws {
        let (suite, forms) = try self.run(TestEnvironment.variable("SIGV4_SUITE") ?? "")
        for one in suite.incomplete { Issue.record("SigV4 suite: \(one.name) cannot be compared: \(one.reason)") }
        print("SigV4 suite: \(suite.cases.count) cases were compared, in \(forms) forms; \(suite.excluded.count) do not apply")
        for one in suite.excluded { print("SigV4 suite: \(one.name) does not apply: \(one.reason)") }
    }

    /// Where the own cases are.
    private static func own(_ layout: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures/SigV4/" + layout
    }

    @Test("own cases in the layout of folders with a context pass in both forms")
    func folders() throws {
        let (suite, forms) = try self.run(Self.own("folders"))
        #expect(suite.cases.map(\.name) == ["as-sent", "read", "repeated", "token-later", "unnormalized"])
        #expect(forms == 9)
        #expect(suite.excluded.map(\.name) == ["sigv4a"])
        #expect(suite.incomplete.map(\.name) == ["no-context", "no-request", "no-results"])
    }

    @Test("own cases in the layout of files beside each other pass, at any depth")
    func files() throws {
        let (suite, forms) = try self.run(Self.own("files"))
        #expect(suite.cases.map(\.name) == ["deeper/token-after/token-after", "deeper/token-before/token-before", "folded/folded"])
        #expect(forms == 3)
        #expect(suite.excluded.map(\.name) == ["commas/commas"])
        #expect(suite.incomplete.map(\.name) == ["only-request/only-request"])
    }

    @Test("a copy that is empty, or has a mistake in the name or the content of a file, does not count as one that passes")
    func damaged() throws {
        let folder = try TemporaryFolder()
        func copy(_ layout: String, _ change: (String) throws -> Void) throws -> [String] {
            let place = folder.file(UUID().uuidString)
            try FileManager.default.copyItem(atPath: Self.own(layout), toPath: place)
            try change(place)
            return try SuiteReader(folder: place).incomplete.map(\.name)
        }
        func move(_ from: String, _ to: String) -> (String) throws -> Void {
            { try FileManager.default.moveItem(atPath: $0 + "/" + from, toPath: $0 + "/" + to) }
        }
        #expect(try SuiteReader(folder: folder.path).incomplete.count == 1, "an empty folder")
        #expect(try copy("folders", move("as-sent/request.txt", "as-sent/reqest.txt")).contains("as-sent/context.json"))
        #expect(try copy("folders", move("as-sent/context.json", "as-sent/contxt.json")).contains("as-sent"))
        #expect(try copy("folders", move("as-sent/header-signature.txt", "as-sent/header-signatur.txt")).contains("as-sent"))
        #expect(
            try copy("folders", move("as-sent/query-string-to-sign.txt", "as-sent/query-string.txt")).contains("as-sent/query-string.txt"))
        for ending in ["req", "creq", "sts", "authz"] {
            let lacking = try copy("files", move("folded/folded.\(ending)", "folded/folded.\(ending)x"))
            #expect(lacking.contains { $0.hasPrefix("folded/folded") }, "\(ending)")
        }
        #expect(throws: (any Error).self, "no context at all") {
            try copy("folders") { try Data("{".utf8).write(to: URL(fileURLWithPath: $0 + "/as-sent/context.json")) }
        }
    }

    @Test("a case that is wrong in any of its results is told from one that is right")
    func wrong() throws {
        let one = try #require(try SuiteReader(folder: Self.own("folders")).cases.first { $0.name == "unnormalized" })
        #expect(try SuiteRunner(one).differences().isEmpty)
        var other = one
        other.header?.signature = String(repeating: "0", count: 64)
        other.query?.stringToSign = ""
        other.query?.canonicalRequest = ""
        #expect(try SuiteRunner(other).differences().count == 3)
    }

    @Test("a directory that is not there is an error, not an empty suite")
    func missing() {
        #expect(throws: SuiteReader.Unreadable.self) { try SuiteReader(folder: "/nowhere/at/all") }
    }
}
