import TestSupport
import Testing

/// Makes programs and libraries for tests, by the C compiler of the Swift toolchain.
struct Compiler {
    let folder: TemporaryFolder

    static var isAvailable: Bool { TestEnvironment.expects("clang") }
    static let reason = "there is no clang on PATH"

    init() throws {
        self.folder = try TemporaryFolder()
    }

    /// Returns the path of what was made.
    func make(_ name: String, _ source: String, _ options: String...) async throws -> String {
        let file = try self.folder.file("\(name).c", Array(source.utf8))
        let made = self.folder.file(name)
        let (output, end) = try await ChildProcess.run(["clang", "-o", made, file] + options)
        try #require(end == .exit(code: 0), "\(output)")
        return made
    }

    /// Options by which a program finds its libraries as Lambda needs it.
    static let beside = "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib"
}
