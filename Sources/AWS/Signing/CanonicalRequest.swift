import HTTP

/// The canonical form of a request (AWS, "Create a signed AWS API request", step 1), written into buffers that are kept from one request to the next.
struct CanonicalRequest {
    /// The canonical text.
    private(set) var text: [UInt8] = []
    /// The names of the signed fields: `host;x-amz-date`.
    private(set) var signedHeaders: [UInt8] = []
    private var fields: [Field] = []

    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Builds the form; `payload` is the text of the body's digest.
    mutating func build(_ request: borrowing SigningRequest, payload: [UInt8], rules: SigningRules) {
        self.text.removeAll(keepingCapacity: true)
        self.signedHeaders.removeAll(keepingCapacity: true)
        self.text.append(contentsOf: request.method.utf8)
        self.endLine()
        CanonicalPath.append(request.path, rules: rules, to: &self.text)
        self.endLine()
        CanonicalQuery.append(request.query, to: &self.text)
        self.endLine()
        self.appendHeaders(request.headers)
        self.endLine()
        self.text.append(contentsOf: self.signedHeaders)
        self.endLine()
        self.text.append(contentsOf: payload)
    }

    private mutating func appendHeaders(_ headers: HTTPHeaders) {
        let bytes = headers.storage
        self.collect(headers, bytes)
        var index = 0
        while index < self.fields.count {
            let name = self.fields[index].name
            if !self.signedHeaders.isEmpty { self.signedHeaders.append(UInt8(ascii: ";")) }
            Self.appendLowercased(bytes, name, to: &self.signedHeaders)
            Self.appendLowercased(bytes, name, to: &self.text)
            self.text.append(UInt8(ascii: ":"))
            self.appendValue(bytes, self.fields[index].value)
            index += 1
            // A repeated field is one field whose values are joined in the order of sending.
            while index < self.fields.count, FieldName.compare(bytes, name, self.fields[index].name) == 0 {
                self.text.append(UInt8(ascii: ","))
                self.appendValue(bytes, self.fields[index].value)
                index += 1
            }
            self.endLine()
        }
    }

    /// The signed fields, sorted by name and, for one name, in the order of sending: an insertion sort, for there are few.
    private mutating func collect(_ headers: HTTPHeaders, _ bytes: [UInt8]) {
        var fields: [Field] = []
        swap(&fields, &self.fields)
        fields.removeAll(keepingCapacity: true)
        headers.forEachLine { line in
            if FieldName.isUnsigned(bytes, line.name) { return true }
            var index = fields.count
            while index > 0, FieldName.compare(bytes, fields[index - 1].name, line.name) > 0 { index -= 1 }
            fields.insert(Field(name: line.name, value: line.value), at: index)
            return true
        }
        swap(&fields, &self.fields)
    }

    /// The value with each run of spaces as one.
    private mutating func appendValue(_ bytes: [UInt8], _ value: Range<Int>) {
        var start = value.lowerBound
        var index = start
        while index < value.upperBound {
            let isSpace = bytes[index] == 0x20 || bytes[index] == 0x09
            index += 1
            guard isSpace else { continue }
            var end = index
            while end < value.upperBound, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
            self.text.append(contentsOf: bytes[start..<index - 1])
            self.text.append(0x20)
            start = end
            index = end
        }
        self.text.append(contentsOf: bytes[start..<value.upperBound])
    }

    private mutating func endLine() {
        self.text.append(0x0a)
    }

    private static func appendLowercased(_ bytes: [UInt8], _ name: Range<Int>, to text: inout [UInt8]) {
        for position in name { text.append(FieldName.lowercased(bytes[position])) }
    }
}
