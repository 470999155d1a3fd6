/// A program with all the libraries that have to go with it.
struct LibraryClosure {
    /// A library that goes along.
    struct Library {
        /// The name under which it is needed, which is its name in the package.
        var name: String
        /// Where it was found.
        var path: String
        var bytes: [UInt8]
        var file: ELFFile
    }

    /// By name.
    private(set) var libraries: [Library] = []

    /// Looks for what the program needs, and what that needs.
    init(of program: ELFFile, in folder: String, folders: LibraryFolders) throws(PackagingError) {
        var known: Set<String> = []
        var open: [(file: ELFFile, folder: String)] = [(program, folder)]
        while let user = open.popLast() {
            for name in user.file.needed where !SystemVersions.isSystemLibrary(name) && known.insert(name).inserted {
                guard let path = folders.find(name, neededBy: user.file, in: user.folder, program: program, in: folder),
                    let bytes = Files.contents(path)
                else {
                    throw PackagingError("\(name) is not installed on this machine: install the package that it is in, and try again.")
                }
                let file = try ELFFile(bytes)
                self.libraries.append(Library(name: name, path: path, bytes: bytes, file: file))
                open.append((file, String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])))
            }
        }
        self.libraries.sort { $0.name < $1.name }
    }
}
