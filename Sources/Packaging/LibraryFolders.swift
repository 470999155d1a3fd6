/// Where this machine's libraries are.
struct LibraryFolders {
    let folders: [String]

    /// Those of the dynamic linker: what its configuration lists, then the folders it has built in.
    ///
    /// Source: ld.so(8), ldconfig(8).
    init(configuration: String = "/etc/ld.so.conf") {
        self.folders = Self.listed(configuration, depth: 0) + ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
    }

    init(_ folders: [String]) {
        self.folders = folders
    }

    /// The file of a library that `user` needs; nil: there is none for this machine in any of these folders.
    func find(_ name: String, neededBy user: ELFFile, in userFolder: String, program: ELFFile, in programFolder: String) -> String? {
        var candidates: [String] = []
        if user.runpath.isEmpty {
            candidates += user.rpath.map { Self.expanded($0, userFolder) } + program.rpath.map { Self.expanded($0, programFolder) }
        } else {
            candidates += user.runpath.map { Self.expanded($0, userFolder) }
        }
        return (candidates + self.folders).lazy.map { "\($0)/\(name)" }.first { path in
            guard let bytes = Files.contents(path), let file = try? ELFFile(bytes) else { return false }
            return file.machine == program.machine
        }
    }

    private static func expanded(_ folder: String, _ origin: String) -> String {
        for name in ["$ORIGIN", "${ORIGIN}"] where folder.hasPrefix(name) { return origin + folder.dropFirst(name.count) }
        return folder
    }

    private static func listed(_ configuration: String, depth: Int) -> [String] {
        guard depth < 4 else { return [] }
        return Files.lines(configuration).flatMap { line -> [String] in
            let words = line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let first = words.first else { return [] }
            guard first == "include" else { return [first] }
            return words.dropFirst().flatMap { Self.matching($0) }.flatMap { Self.listed($0, depth: depth + 1) }
        }
    }

    /// The files of `folder/*.conf`; other patterns are not in use.
    private static func matching(_ pattern: String) -> [String] {
        guard let slash = pattern.lastIndex(of: "/") else { return [] }
        let folder = String(pattern[..<slash])
        let name = pattern[pattern.index(after: slash)...]
        guard name.hasPrefix("*") else { return [pattern] }
        return Files.names(in: folder).filter { $0.hasSuffix(name.dropFirst()) }.map { "\(folder)/\($0)" }
    }
}
