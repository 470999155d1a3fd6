extension SessionValue {
    /// Checks that an item can hold this value. Throws `.invalidValue`, or `.tooLarge` for a value that alone exceeds an item.
    public func validate() throws(SessionStoreError) {
        try self.validate(depth: 2)
        guard self.itemSize <= SessionLimits.itemBytes else { throw .itemTooLarge }
    }

    fileprivate func validate(depth: Int) throws(SessionStoreError) {
        guard depth <= SessionLimits.nesting else {
            throw SessionStoreError(
                .invalidValue,
                "lists and maps may be nested up to \(SessionLimits.nesting) levels deep; flatten the value or store it as text")
        }
        switch self {
        case .string, .binary, .bool, .null: break
        case .number(let text): _ = try Self.decimal(text)
        case .list(let elements):
            for element in elements { try element.validate(depth: depth + 1) }
        case .map(let members): try Self.validate(members, depth: depth + 1)
        case .stringSet(let elements): try Self.requireElements(elements)
        case .binarySet(let elements): try Self.requireElements(elements)
        case .numberSet(let elements):
            try Self.requireElements(elements)
            var numbers: Set<DecimalNumber> = []
            for element in elements { numbers.insert(try Self.decimal(element)) }
            guard numbers.count == elements.count else {
                throw SessionStoreError(.invalidValue, "a number set holds each number once; two of its texts spell the same number")
            }
        }
    }

    fileprivate static func validate(_ members: SessionData, depth: Int) throws(SessionStoreError) {
        for (name, value) in members {
            try Self.validate(name: name)
            try value.validate(depth: depth)
        }
    }

    fileprivate static func validate(name: String) throws(SessionStoreError) {
        guard (1...SessionLimits.fieldNameBytes).contains(name.utf8.count) else {
            throw SessionStoreError(.invalidValue, "a field's name has 1 to \(SessionLimits.fieldNameBytes) bytes")
        }
        // JSON parsers in C end a name there.
        guard !name.utf8.contains(0) else {
            throw SessionStoreError(.invalidValue, "a field's name has no character U+0000; texts may have it")
        }
    }

    private static func requireElements(_ elements: some Collection) throws(SessionStoreError) {
        guard !elements.isEmpty else {
            throw SessionStoreError(.invalidValue, "a set has at least one element; remove the field instead, or use a list")
        }
    }

    private static func decimal(_ text: String) throws(SessionStoreError) -> DecimalNumber {
        do throws(DecimalNumber.Problem) {
            return try DecimalNumber(text)
        } catch {
            let sentence =
                switch error {
                case .notDecimal: "a number is decimal text like -12.5 or 1e9"
                case .tooPrecise: "a number has up to \(SessionLimits.numberDigits) significant digits; store a longer one as text"
                case .outOfRange: "a number lies between 1E-130 and 1E+126, or is zero; store another one as text"
                }
            throw SessionStoreError(.invalidValue, sentence)
        }
    }
}

extension SessionWrite.Change {
    /// Checks that an item can hold what this change sets. Throws `.invalidValue` or `.tooLarge`.
    package func validate() throws(SessionStoreError) {
        switch self {
        case .update(let set, let remove):
            try Self.validate(set)
            for name in remove {
                try SessionValue.validate(name: name)
                guard set[name] == nil else {
                    throw SessionStoreError(.invalidValue, "one write cannot set a field and remove it; decide for one of them")
                }
            }
        case .replace(let data): try Self.validate(data)
        case .touch, .delete: break
        }
    }

    private static func validate(_ data: SessionData) throws(SessionStoreError) {
        try SessionValue.validate(data, depth: 2)
        guard SessionValue.map(data).itemSize <= SessionLimits.itemBytes else { throw .itemTooLarge }
    }
}

extension SessionStoreError {
    /// More than an item can hold.
    package static var itemTooLarge: SessionStoreError {
        SessionStoreError(.tooLarge, "a session holds up to 400 KB, names included; store large values elsewhere and keep a reference")
    }
}
