import SessionStore

@testable import CacheStore
@testable import Redis

/// What the cache does with entries: a session with a wallet, as most of them are.
struct EntryMeasures {
    private let key: SessionKey
    private let redisKeys: [[UInt8]]
    private let entry: CacheEntry
    private let bytes: [UInt8]
    private let sealer: EntrySealer
    private let sealed: [UInt8]

    init() throws {
        let key = SessionKey.session(try SessionID("3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b7e21"))
        self.key = key
        self.redisKeys = (1000..<1256).map { Array("bs1:bench:3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b\($0)".utf8) }
        let created = Timestamp(milliseconds: 1_763_800_000_000)
        let session = Session(
            key: key, data: ["wallet_address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"], version: SessionVersion(1_763_800_000_001),
            expiration: Timestamp(milliseconds: 4_102_444_800_000), createdAt: created, updatedAt: created)
        self.entry = CacheEntry(.live(session), cachedAt: created, epoch: 0x5F3A_11C2_7B04_9D6E)
        guard let bytes = EntryEncoder.encode(self.entry, limit: 64 << 10) else { throw Failure("the entry cannot be encoded") }
        self.bytes = bytes
        // No secret: 32 bytes of zeros.
        let keys = try SealKeys("k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        self.sealer = try EntrySealer(keys, region: "eu-central-1", table: "bench")
        guard let sealed = self.sealer.seal(bytes, for: key) else { throw Failure("the entry cannot be sealed") }
        self.sealed = sealed
    }

    var all: [Measure] {
        [
            Measure("decode", self.decode), Measure("encode", self.encode), Measure("seal", self.seal), Measure("open", self.open),
            Measure("slot", self.slot), Measure("script", self.script()),
        ]
    }

    private func decode(_ turn: Int) throws -> Int {
        guard case .entry(let header) = EntryDecoder.state(of: self.bytes),
            let session = EntryDecoder.session(in: self.bytes, header, key: self.key, origin: .cache(age: .seconds(turn)))
        else { throw Failure("an entry cannot be decoded") }
        return session.data.count
    }

    private func encode(_ turn: Int) throws -> Int {
        guard let bytes = EntryEncoder.encode(self.entry, limit: 64 << 10) else { throw Failure("an entry cannot be encoded") }
        return bytes.count
    }

    private func seal(_ turn: Int) throws -> Int {
        guard let sealed = self.sealer.seal(self.bytes, for: self.key) else { throw Failure("an entry cannot be sealed") }
        return sealed.count
    }

    private func open(_ turn: Int) throws -> Int {
        guard case .entry(let entry) = self.sealer.open(self.sealed, for: self.key) else { throw Failure("an entry cannot be opened") }
        return entry.count
    }

    private func slot(_ turn: Int) -> Int {
        Int(HashSlot(of: self.redisKeys[turn & 255]).number)
    }

    /// The command of a publish, written into a connection's output.
    private func script() -> (Int) -> Int {
        let output = ByteQueue()
        let encoded = EncodedEntry(bytes: self.bytes, end: .at(milliseconds: 4_102_444_800_000))
        return { turn in
            let token = Token(high: UInt64(turn), low: 0x9D6E_5F3A_11C2_7B04)
            let arguments =
                [token.bytes, WireFormat.digits(of: SessionVersion(1_763_800_000_001)), encoded.bytes] + encoded.end.arguments
            let command = ScriptCommand(
                script: CacheScript.publish.script, bySource: false, keys: [self.redisKeys[turn & 255]], arguments: arguments)
            command.encode(into: output)
            defer { output.removeAll() }
            return output.count
        }
    }
}
