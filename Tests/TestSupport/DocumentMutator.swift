/// Makes nearly correct documents of correct ones: what a decoder has to survive.
package struct DocumentMutator {
    private let documents: [[UInt8]]
    private var generator: SeededGenerator

    /// How many inputs a campaign runs: `BEDROCK_SESSIONS_FUZZ_INPUTS` (`make fuzz`), or fewer as part of the suite.
    package static func inputs(usually count: Int) -> Int {
        TestEnvironment.variable("BEDROCK_SESSIONS_FUZZ_INPUTS").flatMap { Int($0) } ?? count
    }

    /// What mutations like to put in: the characters that mean something, and pieces of what must not be there.
    private static let pieces: [[UInt8]] = {
        let texts = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "\\u0053", "0", "1", "-", "+", ".", "e", "E",
            " ",
            "\n", "\t", "true", "null", "\"a\"", "\"a\":1", "9999999999999999999", "1e400", "#", "ä", "😀", "\u{feff}",
        ]
        let bytes: [[UInt8]] = [
            [0], [0x1f], [0x7f], [0x80], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xff], [0xef, 0xbf, 0xbf],
        ]
        return texts.map { Array($0.utf8) } + bytes
    }()

    /// A campaign over these documents; the seed replays it.
    package init(_ documents: [String], seed: UInt64) {
        self.documents = documents.map { Array($0.utf8) }
        self.generator = SeededGenerator(seed: seed)
    }

    /// The next input: one of the documents, changed in one to three places.
    package mutating func next() -> [UInt8] {
        var bytes = self.documents.randomElement(using: &self.generator) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &self.generator) { self.mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &self.generator)
        switch Int.random(in: 0..<12, using: &self.generator) {
        case 0...2: bytes.insert(contentsOf: Self.pieces.randomElement(using: &self.generator) ?? [], at: place)
        case 3, 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...4, using: &self.generator)))
        case 5, 6:
            if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &self.generator) }
        case 7, 8:
            if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self.generator) }
        case 9, 10:
            // A part of the document once more: names twice, brackets that nest.
            let end = min(bytes.count, place + Int.random(in: 1...24, using: &self.generator))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &self.generator))
        default: bytes = Array(bytes[..<place])
        }
    }
}
