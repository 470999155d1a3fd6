import HTTP

/// The canonical form of a request (AWS, "Create a signed AWS API request", step 1), written into buffers that are kept from one request to the next.
struct CanonicalRequest {
    /// How services differ.
    struct Rules: Hashable, Sendable {
        /// Whether dot segments and empty segments are removed from the path and the rest is encoded once more. All services but S3.
        var normalizesPath = true
    }

    /// The canonical text.
    private(set) var text: [UInt8] = []
    /// The names of the signed fields: `host;x-amz-date`.
    private(set) var signedHeaders: [UInt8] = []
    private var fields: [Field] = []

    private struct Field {
        var name: Range<Int>
        var value: Range<Int>
        var order: Int
    }

    /// Fields that hops between here and the service add, drop or change, and the signature itself.
    private static let unsigned: [[UInt8]] = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ].map { Array($0.utf8) }

    /// Builds the form; `payload` is the text of the body's digest.
    mutating func build(_ request: borrowing SigningRequest, payload: [UInt8], rules: Rules) {
        self.text.removeAll(keepingCapacity: true)
        self.signedHeaders.removeAll(keepingCapacity: true)
        self.text.append(contentsOf: request.method.utf8)
        self.endLine()
        CanonicalPath.append(request.path, normalizing: rules.normalizesPath, to: &self.text)
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
            for position in name {
                let byte = Self.lowercased(bytes[position])
                self.signedHeaders.append(byte)
                self.text.append(byte)
            }
            self.text.append(UInt8(ascii: ":"))
            self.appendValue(bytes[self.fields[index].value])
            index += 1
            // A repeated field is one field whose values are joined in the order of sending.
            while index < self.fields.count, Self.compare(bytes, name, self.fields[index].name) == 0 {
                self.text.append(UInt8(ascii: ","))
                self.appendValue(bytes[self.fields[index].value])
                index += 1
            }
            self.endLine()
        }
    }

    /// The signed fields, sorted by name and, for one name, in the order of sending.
    private mutating func collect(_ headers: HTTPHeaders, _ bytes: [UInt8]) {
        self.fields.removeAll(keepingCapacity: true)
        var fields = self.fields
        headers.forEachLine { line in
            if !Self.unsigned.contains(where: { Self.equals(bytes, line.name, $0) }) {
                fields.append(Field(name: line.name, value: line.value, order: fields.count))
            }
            return true
        }
        fields.sort { first, second in
            let order = Self.compare(bytes, first.name, second.name)
            return order == 0 ? first.order < second.order : order < 0
        }
        self.fields = fields
    }

    /// The value with each run of spaces as one.
    private mutating func appendValue(_ value: ArraySlice<UInt8>) {
        var previous: UInt8 = 0
        for byte in value {
            let byte = byte == 0x09 ? 0x20 : byte
            if byte != 0x20 || previous != 0x20 { self.text.append(byte) }
            previous = byte
        }
    }

    private mutating func endLine() {
        self.text.append(0x0a)
    }

    private static func compare(_ bytes: [UInt8], _ first: Range<Int>, _ second: Range<Int>) -> Int {
        for (left, right) in zip(first, second) {
            let difference = Int(self.lowercased(bytes[left])) - Int(self.lowercased(bytes[right]))
            if difference != 0 { return difference }
        }
        return first.count - second.count
    }

    private static func equals(_ bytes: [UInt8], _ name: Range<Int>, _ other: [UInt8]) -> Bool {
        guard name.count == other.count else { return false }
        for (index, position) in name.enumerated() where self.lowercased(bytes[position]) != other[index] { return false }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }
}
