/// The versions of glibc, libgcc_s and libstdc++ that Amazon Linux 2023 has, the system of `provided.al2023`.
///
/// Source: Amazon Linux 2023 release notes: glibc 2.34, GCC 11 (whose libstdc++ ends with GLIBCXX_3.4.29 and CXXABI_1.3.13; GCC's ABI policy).
enum SystemVersions {
    /// The libraries that a package does not hold, because the system has its own: what glibc consists of, and the two of GCC.
    static func isSystemLibrary(_ name: String) -> Bool {
        if name.hasPrefix("ld-linux") || name.hasPrefix("linux-vdso") { return true }
        return [
            "libc.so.6", "libm.so.6", "libmvec.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libresolv.so.2",
            "libanl.so.1", "libnss_files.so.2", "libnss_dns.so.2", "libthread_db.so.1", "libBrokenLocale.so.1", "libgcc_s.so.1",
            "libstdc++.so.6",
        ].contains(name)
    }

    /// The last version of each kind.
    static let limits: [String: [Int]] = ["GLIBC": [2, 34], "GLIBCXX": [3, 4, 29], "CXXABI": [1, 3, 13], "GCC": [11]]

    /// Whether the system has that version of one of its libraries. What has no number (`GLIBC_PRIVATE`, `GLIBC_ABI_DT_RELR` of glibc 2.36) it has not,
    /// but for the few names that are older than it.
    static func has(_ version: String) -> Bool {
        if ["CXXABI_FLOAT128", "CXXABI_TM_1", "CXXABI_LDBL_1.3"].contains(version) { return true }
        guard let (kind, numbers) = self.parts(version), let limit = self.limits[kind] else { return false }
        return !limit.lexicographicallyPrecedes(numbers)
    }

    /// The later of two versions of the same kind.
    static func later(_ one: String, _ other: String) -> String {
        guard let first = self.parts(one), let second = self.parts(other) else { return one }
        return first.numbers.lexicographicallyPrecedes(second.numbers) ? other : one
    }

    /// `GLIBC_2.34` as `GLIBC` and 2, 34; nil when the version has no number.
    static func parts(_ version: String) -> (kind: String, numbers: [Int])? {
        guard let separator = version.lastIndex(of: "_") else { return nil }
        let numbers = version[version.index(after: separator)...].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
        return (String(version[..<separator]), numbers.compactMap { $0 })
    }
}
