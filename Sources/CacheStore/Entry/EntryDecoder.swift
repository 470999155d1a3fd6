package import SessionStore

/// Why bytes are not an entry of ours. The reason is a constant: nothing of the bytes is in it.
struct BadEntry: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Reads what `EntryEncoder` wrote, and refuses everything else: whoever can write to Redis may have put anything there. Depth, counts and lengths are
/// bounded by what is there before anything is allocated for them; nothing traps.
///
/// The bytes are lent to each step: a decoder that held them would count references for each that is made.
package struct EntryDecoder {
    private var offset = 0

    /// The state that the value of a key means; `bad` for whatever is not well formed. A live entry's payload is left for `session`.
    package static func state(of value: [UInt8]?) -> CachedState {
        guard let value else { return .none }
        return self.header(in: value.span).map(CachedState.entry) ?? self.stateWithoutEntry(of: value)
    }

    /// The header of an entry; nil: the value is none, and `stateWithoutEntry` knows what it is.
    @inline(always)
    static func header(in value: Span<UInt8>) -> EntryHeader? {
        guard value.count <= WireFormat.maximumByteCount, value.count >= WireFormat.headerByteCount else { return nil }
        switch value[0] {
        case WireFormat.live, WireFormat.absent, WireFormat.tombstone:
            var decoder = EntryDecoder()
            return try? decoder.header(value)
        default: return nil
        }
    }

    /// What a value without the header of an entry means.
    static func stateWithoutEntry(of value: [UInt8]) -> CachedState {
        guard value.count <= WireFormat.maximumByteCount else { return .bad }
        return switch value.first {
        case WireFormat.lease: Token(value.dropFirst()).map(CachedState.lease) ?? .bad
        case WireFormat.intent: IntentFormat.isWellFormed(value) ? .intent : .bad
        default: .bad
        }
    }

    /// The session in a live entry with this header; nil when the payload is bad.
    package static func session(in entry: [UInt8], _ header: EntryHeader, key: SessionKey, origin: Session.Origin = .table) -> Session? {
        self.session(in: entry.span, header, key: key, origin: origin)
    }

    @inline(always)
    static func session(in entry: Span<UInt8>, _ header: EntryHeader, key: SessionKey, origin: Session.Origin) -> Session? {
        var decoder = EntryDecoder(offset: WireFormat.headerByteCount)
        return try? decoder.session(entry, key: key, header, origin)
    }

    private init(offset: Int = 0) {
        self.offset = offset
    }

    private func remaining(_ bytes: Span<UInt8>) -> Int { bytes.count - self.offset }

    @inline(always)
    private mutating func header(_ bytes: Span<UInt8>) throws(BadEntry) -> EntryHeader {
        guard self.remaining(bytes) >= WireFormat.headerByteCount else { throw BadEntry("header cut short") }
        let state = try self.byte(bytes)
        let version = try self.version(bytes)
        guard try self.byte(bytes) == WireFormat.openForm else { throw BadEntry("unknown form of the payload") }
        guard let cachedAt = try self.instant(bytes) else { throw BadEntry("no instant of caching") }
        let epoch = try self.word(bytes)
        let end = try self.instant(bytes)
        switch (state, version, end, self.remaining(bytes)) {
        case (WireFormat.live, _, _, 1...):
            return EntryHeader(.live, version: version, cachedAt: cachedAt, epoch: epoch, end: end)
        case (WireFormat.tombstone, .some, .some, 0):
            return EntryHeader(.tombstone, version: version, cachedAt: cachedAt, epoch: epoch, end: end)
        case (WireFormat.absent, nil, .some, 0):
            return EntryHeader(.absent, version: nil, cachedAt: cachedAt, epoch: epoch, end: end)
        default:
            throw BadEntry("state and header do not fit")
        }
    }

    @inline(always)
    private mutating func session(_ bytes: Span<UInt8>, key: SessionKey, _ header: EntryHeader, _ origin: Session.Origin) throws(BadEntry)
        -> Session
    {
        let owner = try self.owner(bytes)
        let createdAt = try self.instant(bytes)
        let updatedAt = try self.instant(bytes)
        let data = try self.map(bytes, depth: 1)
        guard self.remaining(bytes) == 0 else { throw BadEntry("bytes behind the end") }
        return Session(
            key: key, data: data, owner: owner, version: header.version, expiration: header.end, createdAt: createdAt, updatedAt: updatedAt,
            origin: origin)
    }

    private mutating func owner(_ bytes: Span<UInt8>) throws(BadEntry) -> UserID? {
        let length = Int(try self.byte(bytes))
        guard length > 0 else { return nil }
        let text = try self.text(bytes, length: length)
        do {
            return try UserID(text)
        } catch {
            throw BadEntry("owner is no user id")
        }
    }

    // MARK: Parts

    private mutating func byte(_ bytes: Span<UInt8>) throws(BadEntry) -> UInt8 {
        guard self.offset < bytes.count else { throw BadEntry("cut short") }
        defer { self.offset += 1 }
        return bytes[self.offset]
    }

    private mutating func word(_ bytes: Span<UInt8>) throws(BadEntry) -> UInt64 {
        guard self.remaining(bytes) >= 8 else { throw BadEntry("cut short") }
        let offset = self.offset
        self.offset += 8
        return UInt64(bigEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private mutating func instant(_ bytes: Span<UInt8>) throws(BadEntry) -> Timestamp? {
        let milliseconds = Int64(bitPattern: try self.word(bytes))
        return milliseconds == WireFormat.noInstant ? nil : Timestamp(milliseconds: milliseconds)
    }

    /// 19 digits; nil for zeros.
    private mutating func version(_ bytes: Span<UInt8>) throws(BadEntry) -> SessionVersion? {
        let end = self.offset + WireFormat.versionDigits
        guard end <= bytes.count else { throw BadEntry("cut short") }
        let offset = self.offset
        // Two times eight digits behind the first three. 19 digits stay below 2^64: nothing can overflow before the comparison.
        let raw = bytes.bytes
        guard let head = Self.number(eightDigits: raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            let middle = Self.number(eightDigits: raw.unsafeLoadUnaligned(fromByteOffset: offset + 3, as: UInt64.self)),
            let tail = Self.number(eightDigits: raw.unsafeLoadUnaligned(fromByteOffset: offset + 11, as: UInt64.self))
        else { throw BadEntry("version is no number") }
        let value = (head / 100_000 &* 100_000_000 &+ middle) &* 100_000_000 &+ tail
        self.offset = end
        guard let version = Int64(exactly: value) else { throw BadEntry("version out of range") }
        return version == 0 ? nil : SessionVersion(version)
    }

    /// The number that eight digits, the first one at the lowest address, stand for; nil if they are none. All eight at a time: one by one a version
    /// took 150 instructions more.
    @inline(always)
    private static func number(eightDigits text: UInt64) -> UInt64? {
        let digits = UInt64(littleEndian: text) &- 0x3030_3030_3030_3030
        // A byte below "0" borrows and shows its high bit, one above "9" shows it once 0x76 is added.
        guard (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
    }

    /// A length or a number of elements, each of at least `size` bytes: never more than what is left can hold.
    @inline(__always)
    private mutating func count(_ bytes: Span<UInt8>, of size: UInt64 = 1) throws(BadEntry) -> Int {
        // Most are below 128: one byte.
        guard self.offset < bytes.count, bytes[self.offset] < 0x80 else { return try self.largeCount(bytes, of: size) }
        let value = Int(bytes[self.offset])
        self.offset += 1
        guard value &* Int(size) <= self.remaining(bytes) else { throw BadEntry("length beyond the end") }
        return value
    }

    @inline(never)
    private mutating func largeCount(_ bytes: Span<UInt8>, of size: UInt64) throws(BadEntry) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift <= 28 {
            let next = try self.byte(bytes)
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 {
                guard value &* size <= UInt64(self.remaining(bytes)) else { throw BadEntry("length beyond the end") }
                return Int(value)
            }
            shift += 7
        }
        throw BadEntry("length out of range")
    }

    private mutating func text(_ bytes: Span<UInt8>, length: Int) throws(BadEntry) -> String {
        guard length <= self.remaining(bytes) else { throw BadEntry("cut short") }
        defer { self.offset += length }
        // Not `String(validating:as:)`: the generic code behind it takes four times as long.
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(self.offset..<self.offset + length)))
        } catch {
            throw BadEntry("text is not UTF-8")
        }
    }

    private mutating func text(_ bytes: Span<UInt8>) throws(BadEntry) -> String {
        try self.text(bytes, length: try self.count(bytes))
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(BadEntry) -> String {
        let text = try self.text(bytes)
        guard WireFormat.isNumber(text.utf8) else { throw BadEntry("number is none") }
        return text
    }

    private mutating func raw(_ bytes: Span<UInt8>) throws(BadEntry) -> [UInt8] {
        let length = try self.count(bytes)
        defer { self.offset += length }
        let span = bytes.extracting(self.offset..<self.offset + length)
        return span.withUnsafeBufferPointer { Array($0) }
    }

    // MARK: Values

    /// Room is made for a few elements only: nested claims of many would otherwise reserve many times what the bytes could hold.
    private static func reservation(for count: Int) -> Int { min(count, 32) }

    private mutating func map(_ bytes: Span<UInt8>, depth: Int) throws(BadEntry) -> SessionData {
        guard depth <= WireFormat.maximumDepth else { throw BadEntry("nested too deep") }
        let count = try self.count(bytes, of: 2)
        var map = SessionData(reservingCapacity: count)
        for _ in 0..<count {
            let name = try self.text(bytes)
            let value = try self.value(bytes, depth: depth)
            guard map.updateValue(value, forKey: name) == nil else { throw BadEntry("name twice") }
        }
        return map
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(BadEntry) -> SessionValue {
        switch try self.byte(bytes) {
        case WireFormat.Tag.string: return .string(try self.text(bytes))
        case WireFormat.Tag.number: return .number(try self.number(bytes))
        case WireFormat.Tag.binary: return .binary(try self.raw(bytes))
        case WireFormat.Tag.no: return .bool(false)
        case WireFormat.Tag.yes: return .bool(true)
        case WireFormat.Tag.null: return .null
        case WireFormat.Tag.list: return .list(try self.list(bytes, depth: depth + 1))
        case WireFormat.Tag.map: return .map(try self.map(bytes, depth: depth + 1))
        case WireFormat.Tag.stringSet:
            return .stringSet(try self.set(bytes) { decoder, bytes throws(BadEntry) in try decoder.text(bytes) })
        case WireFormat.Tag.numberSet:
            return .numberSet(try self.set(bytes) { decoder, bytes throws(BadEntry) in try decoder.number(bytes) })
        case WireFormat.Tag.binarySet:
            return .binarySet(try self.set(bytes) { decoder, bytes throws(BadEntry) in try decoder.raw(bytes) })
        default: throw BadEntry("unknown kind of value")
        }
    }

    private mutating func list(_ bytes: Span<UInt8>, depth: Int) throws(BadEntry) -> [SessionValue] {
        guard depth <= WireFormat.maximumDepth else { throw BadEntry("nested too deep") }
        let count = try self.count(bytes)
        var list: [SessionValue] = []
        list.reserveCapacity(Self.reservation(for: count))
        for _ in 0..<count { list.append(try self.value(bytes, depth: depth)) }
        return list
    }

    private mutating func set<Element: Hashable>(
        _ bytes: Span<UInt8>, of element: (inout EntryDecoder, Span<UInt8>) throws(BadEntry) -> Element
    ) throws(BadEntry) -> Set<Element> {
        let count = try self.count(bytes)
        var set = Set<Element>(minimumCapacity: Self.reservation(for: count))
        for _ in 0..<count {
            guard set.insert(try element(&self, bytes)).inserted else { throw BadEntry("element twice") }
        }
        return set
    }
}
