import TestSupport
import Testing

/// What `bootstrap` is linked with, seen in the build that the tests are part of: there the Swift runtime's libraries are shared ones, so that each shows.
@Suite("What bootstrap links", .timeLimit(.minutes(1)))
struct LinkageTests {
    private func run(_ arguments: String...) async throws -> String {
        let (output, end) = try await ChildProcess.run(arguments)
        try #require(end == .exit(code: 0), "\(arguments[0]) failed")
        return output
    }

    @Test("no Foundation in any form among its libraries, nor among theirs")
    func libraries() async throws {
        let libraries = try await self.run("ldd", LambdaProcess.path)
        #expect(libraries.contains("libuv") && libraries.contains("libcurl") && libraries.contains("libhiredis"))
        #expect(libraries.contains("libswiftCore"), "the build is static: this test sees nothing in it")
        for forbidden in ["Foundation", "libicu", "_FoundationICU", "libdispatch_foundation", "NIO", "jansson"] {
            #expect(!libraries.contains(forbidden), "\(forbidden) is linked")
        }
    }

    @Test("no symbol of NIO or Foundation was linked in")
    func symbols() async throws {
        let symbols = try await self.run("nm", "--defined-only", LambdaProcess.path)
        #expect(symbols.contains("$s9EventLoop"))
        // Mangled names of a module begin with $s, the length of its name, and the name.
        for module in ["NIOCore", "NIOPosix", "NIOConcurrencyHelpers", "Foundation", "FoundationEssentials", "Hummingbird", "GRDB"] {
            #expect(!symbols.contains("$s\(module.utf8.count)\(module)"), "\(module) is linked")
        }
    }

    @Test("no symbol of the Swift runtime's libraries for regular expressions is used, which are half a megabyte of the deployment package")
    func textSearch() async throws {
        let symbols = try await self.run("nm", "--undefined-only", LambdaProcess.path)
        #expect(symbols.contains("$ss"), "the build is static: this test sees nothing in it")
        // Texts are searched for texts by functions of `_StringProcessing`: `contains("two letters")`, `firstRange(of:)`, `replacing`, `split(separator: "::")`.
        for library in ["_StringProcessing", "_RegexParser"] {
            #expect(!symbols.contains(library), "something of \(library) is used: search for characters, or with `mentions`")
        }
    }
}
