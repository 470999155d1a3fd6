import JSON
import SessionStore

/// An item of the table as it was read: what the rules see of it, what is wrong with it, and what other programs added.
struct StoredItem: Hashable, Sendable {
    /// The parts that are ours; what is wrong is left out and named in `flaws`.
    var record: SessionRecord
    /// The attributes of a type, or with a value, that the shape forbids.
    var flaws: Set<ItemAttribute>
    /// Top-level attributes that are not ours.
    var otherNames: [String]

    /// An item with these parts.
    init(record: SessionRecord, flaws: Set<ItemAttribute> = [], otherNames: [String] = []) {
        self.record = record
        self.flaws = flaws
        self.otherNames = otherNames
    }

    /// Reads the object of an `Item` or of `Attributes`. Never fails: an expired item may look as it likes, and an operator may delete any.
    init(_ node: JSONNode) {
        self.init(record: SessionRecord(data: nil))
        if node.kind != .object { self.flaws = [.data] }
        for (name, value) in node.pairs {
            if let attribute = ItemAttribute(name: name) {
                if !self.read(attribute, value) { self.flaws.insert(attribute) }
            } else if let name = name.string {
                self.otherNames.append(name)
            }
        }
        // A deletion leaves key, version and times; anything else without data is not an item of this shape.
        if self.record.data == nil, self.record.version == nil || self.record.owner != nil || self.record.writeID != nil {
            self.flaws.insert(.data)
        }
    }

    /// What a deletion leaves: known by its form, not by a clock, because writers' clocks differ.
    var isTombstone: Bool {
        self.record.data == nil && self.flaws.isEmpty
    }

    /// Whether it has ended. An item whose end cannot be read has not.
    func isExpired(at now: Timestamp) -> Bool {
        guard !self.flaws.contains(.expiration), let expiration = self.record.expiration else { return false }
        return expiration <= now
    }

    /// Throws `.malformedItem` if the shape is violated by an attribute other than `excepted`.
    func requireShape(except excepted: Set<ItemAttribute> = []) throws(SessionStoreError) {
        let flaws = self.flaws.subtracting(excepted)
        guard !flaws.isEmpty else { return }
        let names = flaws.map(\.rawValue).sorted().joined(separator: ", ")
        // Without a readable version there is no fence to delete it under.
        let remedy = flaws.contains(.version) ? "" : ", or delete it as an operator"
        throw SessionStoreError(
            .malformedItem,
            "the item in the table is not of the shape of a session (\(names)): repair or remove it with the program that wrote it"
                + remedy)
    }

    /// The session to answer a reader with; nil when it has ended or was deleted. Throws `.malformedItem`.
    func liveRecord(at now: Timestamp) throws(SessionStoreError) -> SessionRecord? {
        if self.isTombstone || self.isExpired(at: now) { return nil }
        try self.requireShape()
        return self.record
    }

    private mutating func read(_ attribute: ItemAttribute, _ node: JSONNode) -> Bool {
        if let isFine = self.readUsual(attribute, node) { return isFine }
        guard let value = try? SessionValue(attribute: node) else { return false }
        switch (attribute, value) {
        case (.key, .string): return true
        case (.owner, .null), (.owner, .string("")): return true
        case (.owner, .string(let text)):
            self.record.owner = try? UserID(text)
            return self.record.owner != nil
        case (.data, .map(let fields)): self.record.data = fields
        case (.writeID, .string(let text)): self.record.writeID = text
        case (.version, .number):
            self.record.version = value.integer.map { SessionVersion($0) }
            return self.record.version != nil
        case (.expiration, .number(let text)):
            self.record.expiration = Self.milliseconds(seconds: text)
            return self.record.expiration != nil
        case (.createdAt, .number(let text)): self.record.createdAt = Self.instant(text)
        case (.updatedAt, .number(let text)): self.record.updatedAt = Self.instant(text)
        case (.key, _), (.owner, _), (.data, _), (.writeID, _), (.version, _), (.expiration, _), (.createdAt, _), (.updatedAt, _):
            return false
        }
        return true
    }

    /// The forms that this program writes itself, without a string for each number; nil for any other.
    private mutating func readUsual(_ attribute: ItemAttribute, _ node: JSONNode) -> Bool? {
        guard let (type, value) = AttributeType.split(node) else { return nil }
        switch (attribute, type) {
        case (.key, .string): return value.kind == .string
        case (.writeID, .string):
            self.record.writeID = value.string
            return value.kind == .string
        case (.version, .number), (.expiration, .number), (.createdAt, .number), (.updatedAt, .number):
            guard let number = value.spelledInteger else { return nil }
            switch attribute {
            case .version: self.record.version = SessionVersion(number)
            case .expiration: self.record.expiration = Timestamp(seconds: number)
            case .createdAt: self.record.createdAt = Self.instant(number)
            default: self.record.updatedAt = Self.instant(number)
            }
            return true
        case (.key, _), (.owner, _), (.data, _), (.writeID, _), (.version, _), (.expiration, _), (.createdAt, _), (.updatedAt, _):
            return nil
        }
    }

    /// Seconds, with decimals if the writer liked; far beyond any calendar it saturates.
    private static func milliseconds(seconds text: String) -> Timestamp? {
        if let whole = Int64(text) { return Timestamp(seconds: whole) }
        return Double(text).map { Timestamp(milliseconds: Int64(($0 * 1000).clamped(to: -9e18...9e18))) }
    }

    /// Milliseconds; numbers that would lie before March 1973 are seconds, which other programs write.
    private static func instant(_ text: String) -> Timestamp? {
        guard let number = Int64(text) else { return Self.milliseconds(seconds: text) }
        return Self.instant(number)
    }

    private static func instant(_ number: Int64) -> Timestamp {
        number.magnitude < 100_000_000_000 ? Timestamp(seconds: number) : Timestamp(milliseconds: number)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
