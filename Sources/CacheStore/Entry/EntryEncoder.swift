internal import SessionStore

/// Turns an entry into the bytes that `WireFormat` describes. The same entry always gives the same bytes: names and sets are sorted.
package struct EntryEncoder {
    private var bytes: [UInt8] = []
    private let limit: Int

    /// The bytes of `entry`; nil when it cannot be cached: more than `limit` bytes, nested too deep, or holding what no table holds.
    package static func encode(_ entry: CacheEntry, limit: Int) -> [UInt8]? {
        var encoder = EntryEncoder(limit: limit)
        return encoder.append(entry) && encoder.bytes.count <= limit ? encoder.bytes : nil
    }

    private init(limit: Int) {
        self.limit = limit
        self.bytes.reserveCapacity(min(limit, 256))
    }

    private mutating func append(_ entry: CacheEntry) -> Bool {
        switch entry.content {
        case .live(let session):
            // Another program's version 0 counts as none: older than any. A negative one has no digits that could be compared.
            guard (session.version?.rawValue ?? 0) >= 0 else { return false }
            self.appendHeader(WireFormat.live, session.version, of: entry)
            return self.append(session)
        case .absent:
            self.appendHeader(WireFormat.absent, nil, of: entry)
            return true
        case .tombstone(let version, _):
            guard version.rawValue > 0 else { return false }
            self.appendHeader(WireFormat.tombstone, version, of: entry)
            return true
        }
    }

    private mutating func appendHeader(_ state: UInt8, _ version: SessionVersion?, of entry: CacheEntry) {
        self.bytes.append(state)
        self.bytes.append(contentsOf: WireFormat.digits(of: version))
        self.bytes.append(WireFormat.openForm)
        self.append(instant: entry.cachedAt)
        self.append(word: entry.epoch)
        self.append(instant: entry.end)
    }

    private mutating func append(_ session: Session) -> Bool {
        let owner = session.owner?.rawValue ?? ""
        guard let length = UInt8(exactly: owner.utf8.count) else { return false }
        self.bytes.append(length)
        self.bytes.append(contentsOf: owner.utf8)
        self.append(instant: session.createdAt)
        self.append(instant: session.updatedAt)
        return self.append(map: session.data, depth: 1)
    }

    private mutating func append(instant: Timestamp?) {
        self.append(word: UInt64(bitPattern: instant?.milliseconds ?? WireFormat.noInstant))
    }

    private mutating func append(word: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    /// Seven bits a byte, lowest first, the high bit set on all but the last.
    private mutating func append(count: Int) {
        var rest = UInt64(count)
        while rest > 0x7F {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    private mutating func append(text: String) {
        self.append(count: text.utf8.count)
        self.bytes.append(contentsOf: text.utf8)
    }

    private mutating func append(raw: [UInt8]) {
        self.append(count: raw.count)
        self.bytes.append(contentsOf: raw)
    }

    private mutating func append(map: SessionData, depth: Int) -> Bool {
        guard depth <= WireFormat.maximumDepth else { return false }
        self.append(count: map.count)
        for (name, value) in map.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            self.append(text: name)
            guard self.bytes.count <= self.limit, self.append(value, depth: depth) else { return false }
        }
        return true
    }

    private mutating func append(_ value: SessionValue, depth: Int) -> Bool {
        switch value {
        case .string(let text):
            self.bytes.append(WireFormat.Tag.string)
            self.append(text: text)
        case .number(let text):
            guard WireFormat.isNumber(text.utf8) else { return false }
            self.bytes.append(WireFormat.Tag.number)
            self.append(text: text)
        case .binary(let raw):
            self.bytes.append(WireFormat.Tag.binary)
            self.append(raw: raw)
        case .bool(let flag):
            self.bytes.append(flag ? WireFormat.Tag.yes : WireFormat.Tag.no)
        case .null:
            self.bytes.append(WireFormat.Tag.null)
        case .list(let values):
            return self.append(list: values, depth: depth + 1)
        case .map(let map):
            self.bytes.append(WireFormat.Tag.map)
            return self.append(map: map, depth: depth + 1)
        case .stringSet(let texts):
            self.append(WireFormat.Tag.stringSet, texts)
        case .numberSet(let texts):
            guard texts.allSatisfy({ WireFormat.isNumber($0.utf8) }) else { return false }
            self.append(WireFormat.Tag.numberSet, texts)
        case .binarySet(let values):
            self.bytes.append(WireFormat.Tag.binarySet)
            self.append(count: values.count)
            for raw in values.sorted(by: { $0.lexicographicallyPrecedes($1) }) { self.append(raw: raw) }
        }
        return self.bytes.count <= self.limit
    }

    private mutating func append(list: [SessionValue], depth: Int) -> Bool {
        guard depth <= WireFormat.maximumDepth else { return false }
        self.bytes.append(WireFormat.Tag.list)
        self.append(count: list.count)
        return list.allSatisfy { self.bytes.count <= self.limit && self.append($0, depth: depth) }
    }

    private mutating func append(_ tag: UInt8, _ texts: Set<String>) {
        self.bytes.append(tag)
        self.append(count: texts.count)
        for text in texts.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { self.append(text: text) }
    }
}
