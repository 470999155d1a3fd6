import JSON
import TestSupport
import Testing

@testable import Packaging

@Suite("Zips", .timeLimit(.minutes(1)))
struct ZipArchiveTests {
    private func archive() throws -> [UInt8] {
        var generator = SeededGenerator(seed: 1)
        var archive = ZipArchive()
        try archive.add("bootstrap", Array(repeating: 0x41, count: 100_000), isExecutable: true)
        try archive.add("lib/random", (0..<5000).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        try archive.add("licences/žluť.txt", [])
        return archive.finished()
    }

    @Test(
        "another program reads what was put in, with its mode, and finds no fault",
        .enabled(if: TestEnvironment.expects("python3"), "python3 is not installed"))
    func python() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("a.zip", try self.archive())
        let script = """
            import json, sys, zipfile
            z = zipfile.ZipFile(sys.argv[1])
            print(json.dumps({"bad": z.testzip(), "files": [[i.filename, oct(i.external_attr >> 16), i.file_size, i.compress_type, list(i.date_time),
                sum(z.read(i)) % 1000003] for i in z.infolist()]}))
            """
        let (output, end) = try await ChildProcess.run(["python3", "-c", script, path])
        try #require(end == .exit(code: 0), "\(output)")
        let json = try JSONValue(parsing: Array(output.utf8))
        #expect(json["bad"] == .null)
        let files = try #require(json["files"]?.elements)
        #expect(files.map { $0.elements?[0].string } == ["bootstrap", "lib/random", "licences/žluť.txt"])
        #expect(files.map { $0.elements?[1].string } == ["0o100755", "0o100644", "0o100644"])
        // Deflated where that is shorter.
        #expect(files.map { $0.elements?[3] } == [8, 0, 0])
        #expect(files[0].elements?[4] == [1980, 1, 1, 0, 0, 0])
        #expect(files[0].elements?[5] == JSONValue.number("\(0x41 * 100_000 % 1_000_003)"))
    }

    @Test("the same files are the same bytes")
    func same() throws {
        #expect(try self.archive() == self.archive())
    }
}
