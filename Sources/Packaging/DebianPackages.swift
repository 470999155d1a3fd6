/// What this machine's package manager knows: whose a file is, and under which licence.
struct DebianPackages {
    /// The package manager's own notes.
    var database = "/var/lib/dpkg/info"
    /// Where each package has its licence.
    var documents = "/usr/share/doc"

    /// The package of each file, both by path. Files that no package owns are left out.
    func owners(of paths: [String]) -> [String: String] {
        // /lib and /usr/lib are one folder since Debian 12, and packages use either name.
        func plain(_ path: some StringProtocol) -> String { String(path.hasPrefix("/usr/") ? path.dropFirst(4) : path[...]) }
        let wanted = Dictionary(paths.map { (plain($0), $0) }) { first, _ in first }
        var owners: [String: String] = [:]
        for name in Files.names(in: self.database) where name.hasSuffix(".list") {
            for line in Files.lines("\(self.database)/\(name)") {
                guard let path = wanted[plain(line)] else { continue }
                owners[path] = String(name.dropLast(5).prefix { $0 != ":" })
            }
        }
        return owners
    }

    /// The text of a package's licence, and of those it refers to, by name.
    func licences(of package: String) throws(PackagingError) -> [String: [UInt8]] {
        guard let text = Files.contents("\(self.documents)/\(package)/copyright") else {
            throw PackagingError("The licence of \(package) is not on this machine: reinstall the package.")
        }
        var licences = ["\(package).txt": text]
        for path in Self.references(in: text) {
            // Names without a version lead to the newest text.
            guard let resolved = Files.resolved(path), let common = Files.contents(resolved) else { continue }
            licences["common/" + path.dropFirst("/usr/share/common-licenses/".count)] = common
        }
        return licences
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Debian keeps the text of the usual licences in one place: Debian Policy, section 12.5.
    static func references(in text: [UInt8]) -> [String] {
        let folder = Array("/usr/share/common-licenses/".utf8)
        var found: Set<String> = []
        var rest = text[...]
        while let start = rest.firstIndex(of: folder[0]) {
            rest = rest[start...]
            guard rest.starts(with: folder) else {
                rest = rest.dropFirst()
                continue
            }
            let name = rest.dropFirst(folder.count).prefix(while: Self.isPartOfName)
            // The end of a sentence is not part of the name.
            let trimmed = String(decoding: name, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: true).joined(
                separator: ".")
            if !trimmed.isEmpty { found.insert(String(decoding: folder, as: UTF8.self) + trimmed) }
            rest = rest.dropFirst(folder.count)
        }
        return found.sorted()
    }
}
