import JSON
import SessionStore

extension JSONWriter {
    /// Writes `{"S": "..."}` and its nine sisters.
    ///
    /// Source: Amazon DynamoDB API reference, `AttributeValue`.
    mutating func attribute(_ value: SessionValue) {
        self.beginObject()
        switch value {
        case .string(let text):
            self.key("S")
            self.string(text)
        case .number(let text):
            self.key("N")
            self.string(text)
        case .binary(let bytes):
            self.key("B")
            self.plainString { Base64.encode(bytes, into: &$0) }
        case .bool(let flag):
            self.key("BOOL")
            self.bool(flag)
        case .null:
            self.key("NULL")
            self.bool(true)
        case .list(let elements):
            self.key("L")
            self.array(elements) { $0.attribute($1) }
        case .map(let members):
            self.key("M")
            self.attributes(members)
        case .stringSet(let elements):
            self.key("SS")
            self.array(elements) { $0.string($1) }
        case .numberSet(let elements):
            self.key("NS")
            self.array(elements) { $0.string($1) }
        case .binarySet(let elements):
            self.key("BS")
            self.array(elements) { writer, bytes in writer.plainString { Base64.encode(bytes, into: &$0) } }
        }
        self.endObject()
    }

    /// Writes attribute values by name: an item, or the content of an `M`.
    mutating func attributes(_ members: SessionData) {
        self.beginObject()
        for (name, value) in members {
            self.key(name)
            self.attribute(value)
        }
        self.endObject()
    }

    private mutating func array<Elements: Sequence>(_ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void) {
        self.beginArray()
        for element in elements { write(&self, element) }
        self.endArray()
    }
}
