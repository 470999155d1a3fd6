import TestSupport
import Testing

@testable import Packaging

@Suite(
    "Deployment packages of small programs", .enabled(if: Compiler.isAvailable, Comment(rawValue: Compiler.reason)),
    .timeLimit(.minutes(2)))
struct DeploymentPackageTests {
    private static let usesZlib = "#include <zlib.h>\nint main(void) { return (int)crc32(0, 0, 0); }"

    private func problem(_ program: String, _ change: (inout DeploymentPackage.Contents) -> Void = { _ in }) throws -> String {
        var contents = DeploymentPackage.Contents(bootstrap: program)
        change(&contents)
        let error = #expect(throws: PackagingError.self) { try DeploymentPackage(contents) }
        return error?.description ?? ""
    }

    @Test("the program, its libraries, their licences and the schema are in it, and nothing of the system's")
    func contents() async throws {
        let compiler = try Compiler()
        let program = try await compiler.make("program", Self.usesZlib, "-lz", Compiler.beside)
        var contents = DeploymentPackage.Contents(bootstrap: program)
        contents.schema = try compiler.folder.file("openapi.json", Array(#"{"openapi":"3.0.0"}"#.utf8))
        let licence = Array(String(repeating: "free ", count: 20).utf8)
        contents.licences = ["mine.txt": try compiler.folder.file("LICENSE", licence)]
        contents.licences["other.txt"] = contents.licences["mine.txt"]
        let package = try DeploymentPackage(contents)
        #expect(package.items.map(\.name).prefix(3) == ["bootstrap", "schema.json", "lib/libz.so.1"])
        #expect(package.items.map(\.name).contains("licences/zlib1g.txt") && package.items.map(\.name).contains("licences/mine.txt"))
        // One text is in it once.
        let sizes = ["mine", "other"].map { name in package.items.first { $0.name == "licences/\(name).txt" }?.size }
        #expect(sizes == [licence.count, "The same text as in mine.txt.\n".utf8.count])
        #expect(package.versions.contains { $0.hasPrefix("GLIBC_2.") })
        #expect(try DeploymentPackage(contents).zip == package.zip)
    }

    @Test("a program that looks for its libraries elsewhere is refused: LD_LIBRARY_PATH, or a folder of this machine, would come first")
    func paths() async throws {
        let compiler = try Compiler()
        for option in ["-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib", "-Wl,--disable-new-dtags,-rpath,$ORIGIN", "-Wl,--as-needed"] {
            let program = try await compiler.make("program", Self.usesZlib, "-lz", option)
            #expect(try self.problem(program).contains("DT_RPATH"))
        }
        let program = try await compiler.make("program", Self.usesZlib, "-lz", "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib:/opt/somewhere")
        #expect(try self.problem(program).contains("folder of this machine"))
    }

    @Test("a version that Amazon Linux 2023 has not is refused, with the way to a package")
    func versions() async throws {
        let compiler = try Compiler()
        // As a system with a glibc of its own would link it: a symbol of a version that is not there yet.
        let map = try compiler.folder.file("new.map", Array("GLIBC_2.38 { global: *; };".utf8))
        let library = try await compiler.make(
            "libm.so.6", "int newer(void) { return 0; }", "-shared", "-Wl,-soname,libm.so.6,--version-script,\(map)")
        let program = try await compiler.make(
            "program", "int newer(void); int main(void) { return newer(); }", library, Compiler.beside)
        let problem = try self.problem(program)
        #expect(problem.contains("GLIBC_2.38 of libm.so.6") && problem.contains("deploy/lambda.Dockerfile"))
    }

    @Test("a library that is not here, one without a licence, another processor: each is a sentence")
    func sentences() async throws {
        let compiler = try Compiler()
        let library = try await compiler.make("libmine.so", "int mine(void) { return 0; }", "-shared", "-Wl,-soname,libmine.so")
        let source = "int mine(void); int main(void) { return mine(); }"
        let program = try await compiler.make("program", source, library, Compiler.beside)
        #expect(try self.problem(program).contains("libmine.so is not installed"))
        let found = try await compiler.make("found", source, library, "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib:$ORIGIN")
        #expect(try self.problem(found).contains("No Debian package owns libmine.so"))
        let other: Machine = Machine.current == .arm64 ? .x86_64 : .arm64
        #expect(try self.problem(found) { $0.machine = other }.contains("not for \(other.rawValue)"))
        #expect(try self.problem(compiler.folder.file("nothing")).contains("There is no program"))
        #expect(try self.problem(compiler.folder.file("program.c")).contains("no 64-bit ELF file"))
    }

    @Test("a schema that is no JSON is refused, and one that is not there")
    func schema() async throws {
        let compiler = try Compiler()
        let program = try await compiler.make("program", "int main(void) { return 0; }", Compiler.beside)
        let yaml = try compiler.folder.file("openapi.yaml", Array("openapi: 3.0.0\n".utf8))
        #expect(try self.problem(program) { $0.schema = yaml }.contains("is no JSON"))
        #expect(try self.problem(program) { $0.schema = yaml + "x" }.contains("cannot be read"))
    }

    @Test("a place that cannot be written to is an error, and leaves nothing behind")
    func output() async throws {
        let compiler = try Compiler()
        let program = try await compiler.make("program", "int main(void) { return 0; }", Compiler.beside)
        let package = try DeploymentPackage(DeploymentPackage.Contents(bootstrap: program))
        #expect(throws: PackagingError.self) { try package.write(to: compiler.folder.file("no/such/folder.zip")) }
        let path = compiler.folder.file("out.zip")
        try package.write(to: path)
        #expect(Files.contents(path) == package.zip && Files.contents(path + ".part") == nil)
    }
}
