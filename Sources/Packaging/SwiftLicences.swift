/// The licences of what the compiler links into the program itself.
package struct SwiftLicences {
    /// The Swift packages that `bootstrap` is made of, beside this one.
    package static let packages = ["swift-log", "swift-metrics", "swift-distributed-tracing"]

    /// The names in the package, and the files.
    package let files: [String: String]

    /// Looks for them.
    ///
    /// - Parameters:
    ///   - bootstrap: The program, in the folder that it was built in: above it are the checkouts of those packages.
    ///   - source: This package's folder.
    ///   - compiler: The `swift` that built it.
    package init(bootstrap: String, source: String, compiler: String) throws(PackagingError) {
        var files = ["bedrock-sessions.txt": "\(source)/LICENSE"]
        guard let swift = Files.resolved(compiler).map({ Self.parent(Self.parent($0)) + "/share/swift/LICENSE.txt" }),
            Files.isReadable(swift)
        else { throw PackagingError("The licence of the Swift toolchain is not beside it: install the toolchain as swift.org has it.") }
        files["swift.txt"] = swift
        guard let checkouts = Self.checkouts(above: Files.resolved(bootstrap) ?? bootstrap) else {
            throw PackagingError(
                """
                The licences of the Swift packages are not where the program is: leave it in the folder that it was built in, or leave --bootstrap out.
                """)
        }
        for package in Self.packages {
            let folder = "\(checkouts)/\(package)"
            guard Files.isReadable("\(folder)/LICENSE.txt") else {
                throw PackagingError("The licence of \(package) is not in \(folder): build anew.")
            }
            files["\(package).txt"] = "\(folder)/LICENSE.txt"
            if Files.isReadable("\(folder)/NOTICE.txt") { files["\(package)-notice.txt"] = "\(folder)/NOTICE.txt" }
        }
        self.files = files
    }

    private static func checkouts(above path: String) -> String? {
        var folder = self.parent(path)
        while !folder.isEmpty {
            if Files.isReadable("\(folder)/checkouts/\(self.packages[0])/LICENSE.txt") { return "\(folder)/checkouts" }
            folder = self.parent(folder)
        }
        return nil
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
