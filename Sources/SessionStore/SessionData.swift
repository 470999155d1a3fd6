/// What a session holds, or a map in it: fields by name (`wallet_address`, ...).
///
/// It is used like a dictionary. Few fields, as sessions have, lie in one array in the order of their names: none is hashed, and there is one piece of
/// memory to make and to free.
public struct SessionData: Hashable, Sendable {
    /// A field, as a dictionary has it.
    public typealias Element = (key: String, value: SessionValue)

    fileprivate struct Field: Hashable, Sendable {
        var name: String
        var value: SessionValue
    }

    private enum Storage: Hashable, Sendable {
        /// `maximumFew` at most, each name once, in their order: what is equal looks the same.
        case few([Field])
        /// More than that.
        case many([String: SessionValue])
    }

    private static let maximumFew = 8

    private var storage: Storage

    /// No fields.
    public init() {
        self.storage = .few([])
    }

    /// No fields yet, and room for so many.
    package init(reservingCapacity count: Int) {
        var fields: [Field] = []
        fields.reserveCapacity(Swift.min(count, Self.maximumFew))
        self.storage = .few(fields)
    }

    /// These fields; the names have to differ.
    public init(uniqueKeysWithValues fields: some Sequence<(String, SessionValue)>) {
        self.init()
        for (name, value) in fields {
            let previous = self.updateValue(value, forKey: name)
            precondition(previous == nil, "two fields have the same name")
        }
    }

    /// How many fields there are.
    public var count: Int {
        switch self.storage {
        case .few(let fields): fields.count
        case .many(let fields): fields.count
        }
    }

    /// Whether there are none.
    public var isEmpty: Bool { self.count == 0 }

    /// The names, in no particular order.
    public var keys: [String] { self.map(\.key) }

    /// The values, in the order of `keys`.
    public var values: [SessionValue] { self.map(\.value) }

    /// The field of this name; nil: there is none, or none any more.
    public subscript(name: String) -> SessionValue? {
        get {
            switch self.storage {
            case .few(let fields): fields.first { $0.name == name }?.value
            case .many(let fields): fields[name]
            }
        }
        set {
            if let newValue { self.updateValue(newValue, forKey: name) } else { self.removeValue(forKey: name) }
        }
    }

    /// Sets a field, and returns what it was; nil: there was none.
    @discardableResult
    public mutating func updateValue(_ value: consuming SessionValue, forKey name: consuming String) -> SessionValue? {
        switch self.storage {
        case .many(var fields):
            self.storage = .few([])
            let previous = fields.updateValue(value, forKey: name)
            self.storage = .many(fields)
            return previous
        case .few(var fields):
            self.storage = .few([])
            let previous = Self.update(&fields, value, name)
            self.storage = fields.count > Self.maximumFew ? .many(Self.dictionary(fields)) : .few(fields)
            return previous
        }
    }

    /// Removes a field, and returns what it was; nil: there was none.
    @discardableResult
    public mutating func removeValue(forKey name: String) -> SessionValue? {
        switch self.storage {
        case .many(var fields):
            self.storage = .few([])
            let previous = fields.removeValue(forKey: name)
            self.storage = fields.count > Self.maximumFew ? .many(fields) : .few(Self.array(fields))
            return previous
        case .few(var fields):
            guard let index = fields.firstIndex(where: { $0.name == name }) else { return nil }
            self.storage = .few([])
            let previous = fields.remove(at: index).value
            self.storage = .few(fields)
            return previous
        }
    }

    /// Sets these fields too; `combine` says which value stays where there was one.
    public mutating func merge(_ others: SessionData, uniquingKeysWith combine: (SessionValue, SessionValue) -> SessionValue) {
        for (name, value) in others {
            self[name] = self[name].map { combine($0, value) } ?? value
        }
    }

    /// These fields and those; `combine` says which value stays where both have one.
    public func merging(_ others: SessionData, uniquingKeysWith combine: (SessionValue, SessionValue) -> SessionValue) -> SessionData {
        var merged = self
        merged.merge(others, uniquingKeysWith: combine)
        return merged
    }

    /// The fields that `isIncluded` answers true for.
    public func filter(_ isIncluded: (Element) throws -> Bool) rethrows -> SessionData {
        var data = SessionData()
        for field in self where try isIncluded(field) { data[field.key] = field.value }
        return data
    }

    /// The same names with other values.
    public func mapValues(_ transform: (SessionValue) throws -> SessionValue) rethrows -> SessionData {
        var data = SessionData()
        for (name, value) in self { data[name] = try transform(value) }
        return data
    }

    // MARK: Storage

    private static func update(_ fields: inout [Field], _ value: consuming SessionValue, _ name: consuming String) -> SessionValue? {
        // From the end: fields come in order mostly.
        guard let last = fields.last, last.name >= name else {
            fields.append(Field(name: name, value: value))
            return nil
        }
        var index = fields.count
        while index > 0 {
            if fields[index - 1].name == name {
                let previous = fields[index - 1].value
                fields[index - 1].value = value
                return previous
            }
            if fields[index - 1].name < name { break }
            index -= 1
        }
        fields.insert(Field(name: name, value: value), at: index)
        return nil
    }

    private static func dictionary(_ fields: [Field]) -> [String: SessionValue] {
        Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
    }

    private static func array(_ fields: [String: SessionValue]) -> [Field] {
        fields.map { Field(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }
}

extension SessionData: Sequence {
    /// The fields, one after the other, in no particular order.
    public struct Iterator: IteratorProtocol {
        fileprivate enum Place {
            case few(IndexingIterator<[Field]>)
            case many(Dictionary<String, SessionValue>.Iterator)
        }

        fileprivate var place: Place

        /// The next field.
        public mutating func next() -> Element? {
            switch self.place {
            case .few(var fields):
                let field = fields.next()
                self.place = .few(fields)
                return field.map { ($0.name, $0.value) }
            case .many(var fields):
                let field = fields.next()
                self.place = .many(fields)
                return field
            }
        }
    }

    /// The fields, one after the other.
    public func makeIterator() -> Iterator {
        switch self.storage {
        case .few(let fields): Iterator(place: .few(fields.makeIterator()))
        case .many(let fields): Iterator(place: .many(fields.makeIterator()))
        }
    }
}

extension SessionData: ExpressibleByDictionaryLiteral {
    /// These fields; the names have to differ.
    public init(dictionaryLiteral fields: (String, SessionValue)...) {
        self.init(uniqueKeysWithValues: fields)
    }
}
