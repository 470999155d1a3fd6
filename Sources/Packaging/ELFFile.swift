/// What the dynamic linker reads of a program or a shared library, in the order in which it finds it: no section is needed, so a stripped file is as good.
///
/// Source: System V gABI, "Dynamic Section"; Linux Standard Base, "Symbol Versioning".
package struct ELFFile: Hashable, Sendable {
    /// A version that the file needs of one of its libraries.
    package struct Requirement: Hashable, Sendable {
        /// The library's name.
        package var library: String
        /// The version's.
        package var version: String
    }

    /// Its processor; nil: none of Lambda's.
    package private(set) var machine: Machine?
    /// Its own name as a library.
    package private(set) var name: String?
    /// The names of the libraries it needs.
    package private(set) var needed: [String] = []
    /// Folders that are searched before `LD_LIBRARY_PATH`, also for the libraries of its libraries.
    package private(set) var rpath: [String] = []
    /// Folders that are searched after it; where there are some, `rpath` says nothing.
    package private(set) var runpath: [String] = []
    /// The program that loads it, if it is one itself.
    package private(set) var interpreter: String?
    /// The versions that it needs.
    package private(set) var requirements: [Requirement] = []

    /// Reads a file. Throws when it is no 64-bit little-endian ELF file, or when what it says lies outside of it.
    package init(_ bytes: [UInt8]) throws(PackagingError) {
        guard bytes.count >= 64, Array(bytes.prefix(6)) == [0x7F, 0x45, 0x4C, 0x46, 2, 1] else {
            throw PackagingError("This is no 64-bit ELF file.")
        }
        do throws(ByteReader.OutOfBounds) {
            try self.read(ByteReader(bytes: bytes))
        } catch {
            throw PackagingError("The ELF file is damaged.")
        }
    }

    /// A part of the file, and where it is in memory.
    private struct Segment {
        var offset: UInt64
        var address: UInt64
        var size: UInt64
    }

    private mutating func read(_ reader: ByteReader) throws(ByteReader.OutOfBounds) {
        self.machine = Machine(elf: try reader.integer(UInt16.self, at: 18))
        let table = try reader.integer(UInt64.self, at: 32)
        let size = UInt64(try reader.integer(UInt16.self, at: 54))
        var loaded: [Segment] = []
        var dynamic: Segment?
        for index in 0..<UInt64(try reader.integer(UInt16.self, at: 56)) {
            let header = table &+ index * size
            let segment = Segment(
                offset: try reader.integer(UInt64.self, at: header &+ 8), address: try reader.integer(UInt64.self, at: header &+ 16),
                size: try reader.integer(UInt64.self, at: header &+ 32))
            switch try reader.integer(UInt32.self, at: header) {
            case 1: loaded.append(segment)
            case 2: dynamic = segment
            case 3: self.interpreter = try reader.text(at: segment.offset)
            default: break
            }
        }
        if let dynamic { try self.read(dynamic, reader, loaded) }
    }

    private mutating func read(_ dynamic: Segment, _ reader: ByteReader, _ loaded: [Segment]) throws(ByteReader.OutOfBounds) {
        var entries: [(tag: UInt64, value: UInt64)] = []
        for index in 0..<(dynamic.size / 16) {
            let tag = try reader.integer(UInt64.self, at: dynamic.offset &+ index * 16)
            if tag == 0 { break }
            entries.append((tag, try reader.integer(UInt64.self, at: dynamic.offset &+ index * 16 &+ 8)))
        }
        func value(_ tag: UInt64) -> UInt64? { entries.first { $0.tag == tag }?.value }
        guard let strings = value(5).flatMap({ Self.offset(of: $0, loaded) }) else { return }
        for (tag, value) in entries {
            switch tag {
            case 1: self.needed.append(try reader.text(at: strings &+ value))
            case 14: self.name = try reader.text(at: strings &+ value)
            case 15: self.rpath = Self.folders(try reader.text(at: strings &+ value))
            case 29: self.runpath = Self.folders(try reader.text(at: strings &+ value))
            default: break
            }
        }
        if let versions = value(0x6FFF_FFFE).flatMap({ Self.offset(of: $0, loaded) }) {
            try self.readVersions(reader, at: versions, count: value(0x6FFF_FFFF) ?? 0, strings)
        }
    }

    private mutating func readVersions(
        _ reader: ByteReader, at start: UInt64, count: UInt64, _ strings: UInt64
    ) throws(ByteReader.OutOfBounds) {
        var library = start
        // A file cannot hold more than it has bytes for.
        for _ in 0..<min(count, 65536) {
            let name = try reader.text(at: strings &+ UInt64(try reader.integer(UInt32.self, at: library &+ 4)))
            var version = library &+ UInt64(try reader.integer(UInt32.self, at: library &+ 8))
            for _ in 0..<(try reader.integer(UInt16.self, at: library &+ 2)) {
                let text = try reader.text(at: strings &+ UInt64(try reader.integer(UInt32.self, at: version &+ 8)))
                self.requirements.append(Requirement(library: name, version: text))
                version = version &+ UInt64(try reader.integer(UInt32.self, at: version &+ 12))
            }
            let next = UInt64(try reader.integer(UInt32.self, at: library &+ 12))
            if next == 0 { break }
            library = library &+ next
        }
    }

    /// Where in the file an address lies.
    private static func offset(of address: UInt64, _ loaded: [Segment]) -> UInt64? {
        loaded.first { $0.address <= address && address - $0.address < $0.size }.map { $0.offset &+ (address - $0.address) }
    }

    private static func folders(_ text: String) -> [String] {
        text.split(separator: ":").map(String.init)
    }
}
