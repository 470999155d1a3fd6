import TestSupport
import Testing

@testable import Packaging

@Suite(
    "ELF files", .enabled(if: Compiler.isAvailable, Comment(rawValue: Compiler.reason)),
    .enabled(if: TestEnvironment.expects("readelf"), "binutils is not installed"), .timeLimit(.minutes(2)))
struct ELFFileTests {
    private static let libraries = ["libcurl.so.4", "libssl.so.3", "libcrypto.so.3", "libuv.so.1", "libz.so.1"]

    private func path(_ name: String) throws -> String {
        try #require(LibraryFolders().folders.map { "\($0)/\(name)" }.first { Files.isReadable($0) }, "\(name) is not installed")
    }

    private func readelf(_ arguments: String...) async throws -> [String] {
        let (output, end) = try await ChildProcess.run(["readelf", "-W"] + arguments)
        try #require(end == .exit(code: 0))
        return output.split(separator: "\n").map(String.init)
    }

    private func bracketed(_ lines: [String], _ tag: String) -> [String] {
        lines.filter { $0.contains("(\(tag))") }.compactMap { line in
            line.split(separator: "[").last?.split(separator: "]").first.map(String.init)
        }
    }

    @Test("names, libraries and versions are those that readelf finds", arguments: libraries)
    func library(name: String) async throws {
        let path = try self.path(name)
        let file = try ELFFile(try #require(Files.contents(path)))
        let dynamic = try await self.readelf("-d", path)
        #expect(file.machine == .current)
        #expect(file.name == name && self.bracketed(dynamic, "SONAME") == [name])
        #expect(!file.needed.isEmpty && file.needed == self.bracketed(dynamic, "NEEDED"))
        // Its lines say `Name: GLIBC_2.34  Flags: none  Version: 5`, below `Version: 1  File: libc.so.6`.
        var library = ""
        var expected: Set<ELFFile.Requirement> = []
        for line in try await self.readelf("-V", path).drop(while: { !$0.contains(".gnu.version_r") }) {
            let words = line.split(separator: " ").map(String.init)
            if let index = words.firstIndex(of: "File:") { library = words[index + 1] }
            if let index = words.firstIndex(of: "Name:") { expected.insert(.init(library: library, version: words[index + 1])) }
        }
        #expect(!expected.isEmpty && Set(file.requirements) == expected)
    }

    @Test("where a program looks for its libraries, in both forms")
    func paths() async throws {
        let compiler = try Compiler()
        let old = try await compiler.make("old", "int main(void) { return 0; }", "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib:/opt/x")
        let new = try await compiler.make("new", "int main(void) { return 0; }", "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib")
        let first = try ELFFile(try #require(Files.contents(old)))
        #expect(first.rpath == ["$ORIGIN/lib", "/opt/x"] && first.runpath.isEmpty && first.interpreter?.contains("ld-linux") == true)
        let second = try ELFFile(try #require(Files.contents(new)))
        #expect(second.runpath == ["$ORIGIN/lib"] && second.rpath.isEmpty)
    }

    @Test("a stripped file without sections reads the same")
    func stripped() async throws {
        let path = try self.path("libuv.so.1")
        var bytes = try #require(Files.contents(path))
        let whole = try ELFFile(bytes)
        // No section table.
        for index in 40..<48 { bytes[index] = 0 }
        for index in 58..<64 { bytes[index] = 0 }
        #expect(try ELFFile(bytes) == whole)
    }

    @Test("what is no ELF file, or only a part of one, is an error", arguments: [0, 3, 63, 64, 100, 300, 600])
    func partial(count: Int) throws {
        let bytes = try #require(Files.contents(try self.path("libuv.so.1")))
        #expect(throws: PackagingError.self) { try ELFFile(Array(bytes.prefix(count))) }
        #expect(throws: PackagingError.self) { try ELFFile(Array(repeating: 0x7F, count: count)) }
    }

    @Test("a damaged file is read or refused, and never read outside of itself")
    func damaged() throws {
        var generator = SeededGenerator(seed: 6)
        let bytes = try #require(Files.contents(try self.path("libuv.so.1")))
        var refused = 0
        for _ in 0..<2000 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place =
                    Bool.random(using: &generator)
                    ? 64 + Int.random(in: 0..<600, using: &generator) : Int.random(in: 0..<bytes.count, using: &generator)
                broken[place] = .random(in: .min ... .max, using: &generator)
            }
            do throws(PackagingError) { _ = try ELFFile(broken) } catch { refused += 1 }
        }
        #expect(refused > 0)
    }
}
