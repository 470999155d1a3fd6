import TestSupport
import Testing

@testable import Packaging

@Suite("Debian's packages", .timeLimit(.minutes(1)))
struct DebianPackagesTests {
    @Test("files are found under both names of their folder, and only in the package that has them")
    func owners() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("libcurl4:amd64.list", Array("/.\n/usr/lib/x/libcurl.so.4.8.0\n/usr/share/doc/libcurl4\n".utf8))
        _ = try folder.file("zlib1g.list", Array("/lib/x/libz.so.1\n".utf8))
        _ = try folder.file("zlib1g.md5sums", Array("/usr/lib/x/other\n".utf8))
        let packages = DebianPackages(database: folder.path)
        let owners = packages.owners(of: ["/usr/lib/x/libcurl.so.4.8.0", "/usr/lib/x/libz.so.1", "/usr/lib/x/other", "/opt/mine.so"])
        #expect(owners == ["/usr/lib/x/libcurl.so.4.8.0": "libcurl4", "/usr/lib/x/libz.so.1": "zlib1g"])
    }

    @Test("the texts that a licence refers to are found, whatever stands around them")
    func references() {
        let text = """
            See /usr/share/common-licenses/GPL-2. Also `/usr/share/common-licenses/LGPL-2.1', (/usr/share/common-licenses/Apache-2.0),
            /usr/share/common-licenses/GPL-2 again, /usr/share/common-licenses/, /usr/share/doc/x and a /
            """
        #expect(
            DebianPackages.references(in: Array(text.utf8))
                == ["Apache-2.0", "GPL-2", "LGPL-2.1"].map { "/usr/share/common-licenses/\($0)" })
    }

    @Test("a package without its licence is an error that names it")
    func missing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: PackagingError.self) { try DebianPackages(documents: folder.path).licences(of: "libnothing") }
        #expect(error?.description.contains("libnothing") == true)
    }
}
