/// A zip, built in memory. The same entries in the same order are the same bytes: every entry is of 1980, the first year that the format knows.
///
/// Source: PKWARE, APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16.
struct ZipArchive {
    /// A file in it.
    struct Entry: Hashable {
        var name: String
        var size: Int
        /// Its bytes in the zip.
        var packedSize: Int
    }

    private(set) var entries: [Entry] = []
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []

    /// Adds a file; who may run it is whoever may read it: everybody, since Lambda runs as a user of its own.
    mutating func add(_ name: String, _ contents: [UInt8], isExecutable: Bool = false) throws(PackagingError) {
        guard contents.count < 1 << 31, self.bytes.count < 1 << 31 else {
            throw PackagingError("The package is larger than Lambda takes (250 MB): leave something out.")
        }
        let deflated = try Deflate.compress(contents)
        let packed = deflated.count < contents.count ? deflated : contents
        let start = UInt32(self.bytes.count)
        var common: [UInt8] = []
        // Version 2.0, names in UTF-8, deflated or stored, midnight of the first of January 1980.
        for number: UInt16 in [20, 1 << 11, packed.count < contents.count ? 8 : 0, 0, 0x21] { Self.append(number, to: &common) }
        Self.append(Deflate.checksum(contents), to: &common)
        Self.append(UInt32(packed.count), to: &common)
        Self.append(UInt32(contents.count), to: &common)
        Self.append(UInt16(name.utf8.count), to: &common)
        Self.append(UInt16(0), to: &common)

        Self.append(0x0403_4B50 as UInt32, to: &self.bytes)
        self.bytes += common + Array(name.utf8) + packed

        Self.append(0x0201_4B50 as UInt32, to: &self.directory)
        // Made on Unix, so that the mode counts.
        Self.append(3 << 8 | 20 as UInt16, to: &self.directory)
        self.directory += common
        for _ in 0..<3 { Self.append(0 as UInt16, to: &self.directory) }
        let mode: UInt32 = isExecutable ? 0o100755 : 0o100644
        Self.append(mode << 16, to: &self.directory)
        Self.append(start, to: &self.directory)
        self.directory += Array(name.utf8)
        self.entries.append(Entry(name: name, size: contents.count, packedSize: packed.count))
    }

    /// The whole archive.
    func finished() -> [UInt8] {
        var whole = self.bytes + self.directory
        Self.append(0x0605_4B50 as UInt32, to: &whole)
        for number in [0, 0, UInt16(self.entries.count), UInt16(self.entries.count)] { Self.append(number, to: &whole) }
        Self.append(UInt32(self.directory.count), to: &whole)
        Self.append(UInt32(self.bytes.count), to: &whole)
        Self.append(0 as UInt16, to: &whole)
        return whole
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
