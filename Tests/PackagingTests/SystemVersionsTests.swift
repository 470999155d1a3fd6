import Testing

@testable import Packaging

@Suite("What Amazon Linux 2023 has")
struct SystemVersionsTests {
    @Test(
        "versions up to its own, and nothing without a number",
        arguments: [
            ("GLIBC_2.2.5", true), ("GLIBC_2.9", true), ("GLIBC_2.34", true), ("GLIBC_2.35", false), ("GLIBC_2.100", false),
            ("GLIBC_3.0", false),
            ("GLIBC_2.34.1", false), ("GLIBC_PRIVATE", false), ("GLIBC_ABI_DT_RELR", false), ("GLIBCXX_3.4", true), ("GLIBCXX_3.4.9", true),
            ("GLIBCXX_3.4.29", true), ("GLIBCXX_3.4.30", false), ("CXXABI_1.3.13", true), ("CXXABI_1.3.14", false),
            ("CXXABI_FLOAT128", true),
            ("GCC_3.0", true), ("GCC_7.0.0", true), ("GCC_12.0.0", false), ("GCC_11", true), ("", false), ("GLIBC_", false),
            ("GLIBC_2.x", false),
            ("OTHER_1", false),
        ])
    func has(version: String, expected: Bool) {
        #expect(SystemVersions.has(version) == expected)
    }

    @Test("the later of two is the later number, not the later text")
    func later() {
        #expect(SystemVersions.later("GLIBC_2.9", "GLIBC_2.34") == "GLIBC_2.34")
        #expect(SystemVersions.later("GLIBC_2.34", "GLIBC_2.9") == "GLIBC_2.34")
        #expect(SystemVersions.later("GLIBCXX_3.4", "GLIBCXX_3.4.21") == "GLIBCXX_3.4.21")
    }

    @Test(
        "its own libraries are those of glibc and the two of GCC",
        arguments: ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libgcc_s.so.1", "libstdc++.so.6"])
    func system(name: String) {
        #expect(SystemVersions.isSystemLibrary(name))
    }

    @Test("everything else goes along", arguments: ["libcurl.so.4", "libz.so.1", "libc.so", "libcrypt.so.1", "libstdc++.so.5"])
    func others(name: String) {
        #expect(!SystemVersions.isSystemLibrary(name))
    }
}
