import Glibc

/// What a package is made of, and where it goes.
enum Files {
    /// The whole file; nil: there is none that can be read.
    static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes.append(contentsOf: chunk[..<count])
            if count < chunk.count { return ferror(file) == 0 ? bytes : nil }
        }
    }

    /// The lines of a text file; none where there is no file.
    static func lines(_ path: String) -> [String] {
        String(decoding: self.contents(path) ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// The path without symbolic links; nil: nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The names in a folder, sorted; none where there is no folder.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Puts a file in place whole or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws(PackagingError) {
        let draft = path + ".part"
        guard let file = fopen(draft, "w") else {
            throw PackagingError("The package cannot be written to \(path): \(String(cString: strerror(errno))).")
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count, rename(draft, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(draft)
            throw PackagingError("The package cannot be written to \(path): \(reason).")
        }
    }
}
