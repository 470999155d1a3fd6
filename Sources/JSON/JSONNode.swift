import CJansson

/// One value of a `JSONDocument`, lent to a closure: it must not be kept beyond it.
@safe
package struct JSONNode {
    /// What a node can be.
    package enum Kind: Hashable, Sendable {
        case object, array, string, integer, double, bool, null
    }

    private let pointer: UnsafeMutablePointer<json_t>

    init(_ pointer: UnsafeMutablePointer<json_t>) {
        unsafe self.pointer = unsafe pointer
    }

    /// What it is.
    package var kind: Kind {
        switch unsafe self.pointer.pointee.type {
        case JSON_OBJECT: .object
        case JSON_ARRAY: .array
        case JSON_STRING: .string
        case JSON_INTEGER: .integer
        case JSON_REAL: .double
        case JSON_TRUE, JSON_FALSE: .bool
        default: .null
        }
    }

    /// Whether it is `null`.
    package var isNull: Bool { self.kind == .null }

    /// The text of a string; nil for anything else.
    package var string: String? {
        unsafe self.withUTF8 { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the UTF-8 bytes of a string; nil for anything else.
    package func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let start = unsafe json_string_value(self.pointer) else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: json_string_length(self.pointer))
        return try unsafe body(bytes.assumingMemoryBound(to: UInt8.self))
    }

    /// The truth value; nil for anything else.
    package var bool: Bool? {
        switch unsafe self.pointer.pointee.type {
        case JSON_TRUE: true
        case JSON_FALSE: false
        default: nil
        }
    }

    /// The number, if it is a whole one that is known exactly; nil for anything else.
    package var integer: Int64? {
        switch self.kind {
        case .integer: Int64(unsafe json_integer_value(self.pointer))
        case .double: Self.exactInteger(unsafe json_real_value(self.pointer))
        case .object, .array, .string, .bool, .null: nil
        }
    }

    /// The number; nil for anything else.
    package var double: Double? {
        switch self.kind {
        case .integer, .double: unsafe json_number_value(self.pointer)
        case .object, .array, .string, .bool, .null: nil
        }
    }

    /// The number of members or elements; 0 for anything else.
    package var count: Int {
        switch self.kind {
        case .object: unsafe json_object_size(self.pointer)
        case .array: unsafe json_array_size(self.pointer)
        case .string, .integer, .double, .bool, .null: 0
        }
    }

    /// The member of that name; nil if there is none or this is no object.
    package subscript(_ name: String) -> JSONNode? {
        // A parsed name never contains U+0000 (jansson refuses it), so a looked-up one that does is not there.
        guard !name.utf8.contains(0) else { return nil }
        guard let found = unsafe json_object_get(self.pointer, name) else { return nil }
        return unsafe JSONNode(found)
    }

    /// The element at that place; nil if there is none or this is no array.
    package subscript(_ index: Int) -> JSONNode? {
        guard index >= 0, let found = unsafe json_array_get(self.pointer, index) else { return nil }
        return unsafe JSONNode(found)
    }

    /// The members in the order of the text; empty for anything but an object.
    package var members: Members {
        Members(object: self)
    }

    /// The elements; empty for anything but an array.
    package var elements: Elements {
        Elements(array: self)
    }

    /// `Double` counts in steps of one only up to 2^53: beyond, several integers would read the same.
    private static func exactInteger(_ value: Double) -> Int64? {
        value.magnitude <= 9_007_199_254_740_992 ? Int64(exactly: value) : nil
    }
}

extension JSONNode {
    /// The members of an object, lent like the object.
    @safe
    package struct Members: Sequence, IteratorProtocol {
        private let object: JSONNode
        private var position: UnsafeMutableRawPointer?

        init(object: JSONNode) {
            self.object = object
            // json_object_iter answers NULL for anything but an object, and for one without members.
            unsafe self.position = json_object_iter(object.pointer)
        }

        /// The next member.
        package mutating func next() -> (name: String, value: JSONNode)? {
            guard let position = unsafe self.position, let name = unsafe json_object_iter_key(position),
                let value = unsafe json_object_iter_value(position)
            else { return nil }
            unsafe self.position = json_object_iter_next(self.object.pointer, position)
            return (unsafe String(cString: name), unsafe JSONNode(value))
        }
    }

    /// The elements of an array, lent like the array.
    package struct Elements: Sequence, IteratorProtocol {
        private let array: JSONNode
        private var index = 0

        init(array: JSONNode) {
            self.array = array
        }

        /// The next element.
        package mutating func next() -> JSONNode? {
            guard let element = self.array[self.index] else { return nil }
            self.index += 1
            return element
        }
    }
}
