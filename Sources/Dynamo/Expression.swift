import JSON
import SessionStore

/// An update expression and its condition in the making.
///
/// Every name is an alias (`data` and many others are reserved words) and every value a placeholder. Overlapping paths are refused here: some servers
/// apply one of the two silently.
struct Expression {
    /// A path of names that an alias stands for.
    struct Path: Hashable {
        fileprivate let names: [String]
        /// The path as the expression spells it: `#0.#3`.
        let text: String
    }

    private var aliases: [String: String] = [:]
    private var values: [SessionValue] = []
    private var sets: [String] = []
    private var removals: [String] = []
    private var conditions: [String] = []
    private var changed: Set<[String]> = []
    private var changedAbove: Set<[String]> = []

    /// The path of an attribute, or of a member in it.
    mutating func path(_ attribute: ItemAttribute, _ member: String? = nil) -> Path {
        self.path([attribute.rawValue] + (member.map { [$0] } ?? []))
    }

    /// The path through these names.
    mutating func path(_ names: [String]) -> Path {
        Path(names: names, text: names.map { self.alias($0) }.joined(separator: "."))
    }

    /// A placeholder for the value.
    mutating func value(_ value: SessionValue) -> String {
        self.values.append(value)
        return ":\(self.values.count - 1)"
    }

    /// Sets the path to an operand. Throws `.invalidValue` when another change touches it.
    mutating func set(_ path: Path, _ operand: String) throws(SessionStoreError) {
        try self.claim(path)
        self.sets.append("\(path.text) = \(operand)")
    }

    /// Sets the path to a value. Throws `.invalidValue` when another change touches it.
    mutating func set(_ path: Path, to value: SessionValue) throws(SessionStoreError) {
        try self.set(path, self.value(value))
    }

    /// Removes the path. Throws `.invalidValue` when another change touches it.
    mutating func remove(_ path: Path) throws(SessionStoreError) {
        try self.claim(path)
        self.removals.append(path.text)
    }

    /// Adds a condition; all have to hold.
    mutating func require(_ condition: String) {
        self.conditions.append(condition)
    }

    /// `SET ... REMOVE ...`
    var update: String {
        var clauses: [String] = []
        if !self.sets.isEmpty { clauses.append("SET " + self.sets.joined(separator: ", ")) }
        if !self.removals.isEmpty { clauses.append("REMOVE " + self.removals.joined(separator: ", ")) }
        return clauses.joined(separator: " ")
    }

    /// The conditions, each in parentheses.
    var condition: String {
        self.conditions.map { "(\($0))" }.joined(separator: " AND ")
    }

    /// Bytes of the longer of the two texts: the service allows 4 KB for each.
    var longestText: Int {
        max(self.update.utf8.count, self.condition.utf8.count)
    }

    /// Bytes of the names and values that the placeholders stand for, the placeholders included.
    var substitutionSize: Int {
        let names = self.aliases.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        return self.values.enumerated().reduce(names) { $0 + $1.element.itemSize + ":\($1.offset)".utf8.count }
    }

    /// Writes the members of a request that carry it, the condition under the name that the operation has for it.
    func write(to writer: inout JSONWriter, condition name: String = "ConditionExpression") {
        if !self.sets.isEmpty || !self.removals.isEmpty {
            writer.key("UpdateExpression")
            writer.string(self.update)
        }
        if !self.conditions.isEmpty {
            writer.key(name)
            writer.string(self.condition)
        }
        // An empty map is refused by the service.
        guard !self.aliases.isEmpty else { return }
        writer.key("ExpressionAttributeNames")
        writer.beginObject()
        for (name, alias) in self.aliases {
            writer.key(alias)
            writer.string(name)
        }
        writer.endObject()
        guard !self.values.isEmpty else { return }
        writer.key("ExpressionAttributeValues")
        writer.beginObject()
        for (index, value) in self.values.enumerated() {
            writer.key(":\(index)")
            writer.attribute(value)
        }
        writer.endObject()
    }

    private mutating func alias(_ name: String) -> String {
        if let alias = self.aliases[name] { return alias }
        let alias = "#\(self.aliases.count)"
        self.aliases[name] = alias
        return alias
    }

    private mutating func claim(_ path: Path) throws(SessionStoreError) {
        let above = (1..<path.names.count).map { Array(path.names[..<$0]) }
        let overlaps =
            self.changed.contains(path.names) || self.changedAbove.contains(path.names) || above.contains { self.changed.contains($0) }
        guard !overlaps else {
            throw SessionStoreError(.invalidValue, "two changes of one write touch the same field; keep one of them")
        }
        self.changed.insert(path.names)
        self.changedAbove.formUnion(above)
    }
}
