import JSON

/// The zip of a Lambda function: `bootstrap`, the libraries it needs that Amazon Linux 2023 has not, and the licences of all of that.
package struct DeploymentPackage: Sendable {
    /// What goes in.
    package struct Contents: Sendable {
        /// The program's file.
        package var bootstrap: String
        /// The processor it is for.
        package var machine = Machine.current
        /// Licences of what is linked into it: the name in the package, and the file.
        package var licences: [String: String] = [:]
        /// The action group's schema, to be put beside it.
        package var schema: String?

        package init(bootstrap: String) {
            self.bootstrap = bootstrap
        }
    }

    /// A file in the package.
    package struct Item: Hashable, Sendable {
        package var name: String
        /// Its bytes.
        package var size: Int
        /// Its bytes in the zip.
        package var packedSize: Int
    }

    /// The file to deploy.
    package let zip: [UInt8]
    /// What it holds.
    package let items: [Item]
    /// The latest versions that it needs of glibc, libgcc_s and libstdc++.
    package let versions: [String]

    /// Makes it. Throws what it is that would not start in Lambda, every reason at once.
    package init(_ contents: Contents) throws(PackagingError) {
        try self.init(contents, folders: LibraryFolders(), packages: DebianPackages())
    }

    init(_ contents: Contents, folders: LibraryFolders, packages: DebianPackages) throws(PackagingError) {
        guard let bytes = Files.contents(contents.bootstrap) else {
            throw PackagingError("There is no program at \(contents.bootstrap): name another with --bootstrap, or leave that out.")
        }
        let program = try ELFFile(bytes)
        let folder = Files.resolved(contents.bootstrap).map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) } ?? ""
        var libraries: [LibraryClosure.Library] = []
        if program.machine == contents.machine {
            libraries = try LibraryClosure(of: program, in: folder, folders: folders).libraries
        }
        let problems = PackageRules.problems(program: program, libraries: libraries, machine: contents.machine)
        guard problems.isEmpty else { throw PackagingError(problems.joined(separator: " ")) }
        self.versions = PackageRules.latestVersions([program] + libraries.map(\.file))

        var archive = ZipArchive()
        try archive.add("bootstrap", bytes, isExecutable: true)
        if let schema = contents.schema { try archive.add("schema.json", Self.schema(schema)) }
        for library in libraries { try archive.add("lib/\(library.name)", library.bytes, isExecutable: true) }
        var names: [[UInt8]: String] = [:]
        for (name, text) in try Self.licences(contents, libraries, packages).sorted(by: { $0.key < $1.key }) {
            // Kerberos's four libraries have one of 63 KB, each.
            let first = names[text]
            try archive.add("licences/\(name)", first.map { Array("The same text as in \($0).\n".utf8) } ?? text)
            names[text] = first ?? name
        }
        self.zip = archive.finished()
        self.items = archive.entries.map { Item(name: $0.name, size: $0.size, packedSize: $0.packedSize) }
    }

    /// Writes the zip.
    package func write(to path: String) throws(PackagingError) {
        try Files.write(self.zip, to: path)
    }

    private static func schema(_ path: String) throws(PackagingError) -> [UInt8] {
        guard let bytes = Files.contents(path) else { throw PackagingError("The schema \(path) cannot be read: correct the path.") }
        guard (try? JSONValue(parsing: bytes)) != nil else {
            throw PackagingError("The schema \(path) is no JSON: `bedrock-sessions schema FILE --json` makes JSON of YAML.")
        }
        return bytes
    }

    private static func licences(
        _ contents: Contents, _ libraries: [LibraryClosure.Library], _ packages: DebianPackages
    ) throws(PackagingError) -> [String: [UInt8]] {
        var licences: [String: [UInt8]] = [:]
        for (name, path) in contents.licences {
            guard let text = Files.contents(path) else { throw PackagingError("The licence \(path) is missing: restore it.") }
            licences[name] = text
        }
        let files = libraries.map { (name: $0.name, path: Files.resolved($0.path) ?? $0.path) }
        let owners = packages.owners(of: files.map(\.path))
        for (name, path) in files {
            guard let package = owners[path] else {
                throw PackagingError(
                    "No Debian package owns \(name), so its licence is not known: use the library of the distribution, or deploy/lambda.Dockerfile."
                )
            }
            licences.merge(try packages.licences(of: package)) { first, _ in first }
        }
        return licences
    }
}
