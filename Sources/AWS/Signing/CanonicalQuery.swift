/// A query in canonical form: each name and value encoded by one rule, sorted by name, then value.
enum CanonicalQuery {
    static func append(_ query: String, to text: inout [UInt8]) {
        guard !query.isEmpty else { return }
        var parameters = Array(query.utf8).split(separator: UInt8(ascii: "&")).map(self.encode)
        parameters.sort { first, second in
            first.name == second.name ? self.precedes(first.value, second.value) : self.precedes(first.name, second.name)
        }
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            text.append(contentsOf: parameter.name)
            text.append(UInt8(ascii: "="))
            text.append(contentsOf: parameter.value)
        }
    }

    private static func encode(_ parameter: ArraySlice<UInt8>) -> (name: [UInt8], value: [UInt8]) {
        let equals = parameter.firstIndex(of: UInt8(ascii: "="))
        let name = parameter[..<(equals ?? parameter.endIndex)]
        let value = equals.map { parameter[($0 + 1)...] } ?? []
        return (self.recode(name), self.recode(value))
    }

    private static func recode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in PercentEncoding.decode(text) { PercentEncoding.append(byte, to: &result) }
        return result
    }

    private static func precedes(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.lexicographicallyPrecedes(second)
    }
}
