import HTTP

/// A request as the files of AWS's SigV4 suite spell it: a start line, fields, perhaps folded, an empty line, a body.
struct SuiteRequest: Hashable {
    var method = ""
    var path = ""
    var query = ""
    var fields: [Field] = []
    var body = ""
    /// Whether a field goes on in a second line.
    var isFolded = false

    struct Field: Hashable {
        var name: String
        var value: String
    }

    /// Nil for what is no request.
    init?(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let start = lines.popFirst(), self.readStart(start) else { return nil }
        while let line = lines.popFirst(), !line.isEmpty {
            if line.first == " " || line.first == "\t" {
                guard let last = self.fields.indices.last else { return nil }
                // A fold stands for a space (RFC 9112, section 5.2).
                self.fields[last].value += " " + line.drop { $0 == " " || $0 == "\t" }
                self.isFolded = true
            } else {
                guard let colon = line.firstIndex(of: ":") else { return nil }
                self.fields.append(Field(name: String(line[..<colon]), value: String(line[line.index(after: colon)...])))
            }
        }
        self.body = lines.joined(separator: "\n")
    }

    private mutating func readStart(_ line: Substring) -> Bool {
        // The target may have spaces: what is before the last word.
        guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " "), first < last,
            line[line.index(after: last)...].lowercased() == "http/1.1"
        else { return false }
        self.method = String(line[..<first])
        let target = line[line.index(after: first)..<last]
        let mark = target.firstIndex(of: "?")
        self.path = String(target[..<(mark ?? target.endIndex)])
        self.query = mark.map { String(target[target.index(after: $0)...]) } ?? ""
        return true
    }

    /// The first value of that name.
    subscript(name: String) -> String? {
        self.fields.first { $0.name.lowercased() == name }?.value
    }

    /// The fields in a form that two signed requests can be compared by: order and case of names are no difference, nor are spaces around values.
    var comparableFields: [String] {
        self.fields.map { field in
            field.name.lowercased() + ":" + field.value.split(separator: " ").joined(separator: " ")
        }.sorted()
    }

    /// The parameters of the query, in any order.
    var parameters: [String] {
        self.query.split(separator: "&").map(String.init).sorted()
    }
}
