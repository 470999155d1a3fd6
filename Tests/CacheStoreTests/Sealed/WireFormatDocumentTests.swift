import CacheStore
import Foundation
import SessionStore
import Testing

/// docs/WIRE-FORMAT.md is for programs in other languages: what it shows has to be what is written.
@Suite("docs/WIRE-FORMAT.md")
struct WireFormatDocumentTests {
    /// The indented lines under "Test vectors": a name of up to 18 characters and a value, which goes on in lines without a name.
    private static func vectors() throws -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.deletingLastPathComponent().appending(path: "docs/WIRE-FORMAT.md"), encoding: .utf8)
        let section = try #require(text.components(separatedBy: "### Test vectors\n").last?.components(separatedBy: "\n## ").first)
        var vectors: [String: String] = [:]
        var name = ""
        for line in section.split(separator: "\n") where line.hasPrefix("    ") && line.count > 22 {
            let label = line.dropFirst(4).prefix(18).trimmingCharacters(in: .whitespaces)
            if !label.isEmpty { name = label }
            vectors[name, default: ""] += line.dropFirst(22)
        }
        return vectors
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static func contents() throws -> [(String, CacheEntry.Content)] {
        let session = Session(
            key: EntryCodecTests.key, data: ["wallet_address": "0x1"], owner: try UserID("u"), version: SessionVersion(42),
            expiration: Timestamp(seconds: 2), createdAt: nil, updatedAt: Timestamp(milliseconds: 1))
        return [
            ("live", .live(session)), ("absent", .absent(until: Timestamp(milliseconds: 5256))),
            ("tombstone", .tombstone(SessionVersion(43), until: Timestamp(milliseconds: 3_600_256))),
        ]
    }

    @Test("its vectors are what is sealed, and open to what it says")
    func vectors() throws {
        let vectors = try Self.vectors()
        let parts = try #require(vectors["redis key"]).split(separator: ":")
        #expect(parts.first == "bs1" && parts.count == 3)
        let sealer = try EntrySealer(
            SealKeys(#require(vectors["key"])), region: #require(vectors["region"]), table: String(parts[1]),
            fixedNonces: Self.bytes(#require(vectors["nonce"])))
        let key = SessionKey.session(try SessionID(String(parts[2])))
        for (name, content) in try Self.contents() {
            let entry = CacheEntry(content, cachedAt: Timestamp(milliseconds: 256), epoch: 0)
            let open = try #require(EntryEncoder.encode(entry, limit: 1000))
            #expect(open == Self.bytes(try #require(vectors["\(name) open"])))
            let sealed = Self.bytes(try #require(vectors["\(name) sealed"]))
            #expect(sealer.seal(open, for: key) == sealed)
            #expect(sealer.open(sealed, for: key) == .entry(open))
        }
        #expect(vectors.count == 10)
    }
}
