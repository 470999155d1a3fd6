import Glibc

/// Header fields in the order in which they were added or received, kept as the bytes that travel.
///
/// One contiguous buffer of `name: value` lines, each ended by one zero byte: what libcurl takes and gives, so that neither sending nor
/// receiving makes a string that nobody reads. Names compare without regard to ASCII case (RFC 9110, section 5.1).
package struct HTTPHeaders: Hashable, Sendable {
    /// The lines; see the type.
    private(set) var lines: [UInt8]
    /// How many fields there are.
    package private(set) var count = 0
    /// False once a name or value was added that cannot be sent (control characters, an empty name); the client refuses such a call.
    private(set) var isValid = true

    /// No fields.
    package init() {
        self.lines = []
    }

    /// These fields, in this order.
    package init(_ fields: [(String, String)]) {
        self.lines = []
        for (name, value) in fields { self.append(name, value) }
    }

    /// Room for this many bytes of lines without another allocation.
    package mutating func reserve(_ bytes: Int) {
        self.lines.reserveCapacity(bytes)
    }

    /// Adds a field after the others; one of the same name stays.
    package mutating func append(_ name: String, _ value: String) {
        var value = value
        value.withUTF8 { unsafe self.append(name, $0) }
    }

    /// Adds a field whose value is already bytes (a date, a signature).
    package mutating func append(_ name: String, bytes value: [UInt8]) {
        unsafe value.withUnsafeBufferPointer { unsafe self.append(name, $0) }
    }

    /// Sets a field, removing others of that name.
    package mutating func set(_ name: String, _ value: String) {
        self.remove(name)
        self.append(name, value)
    }

    /// Removes all fields of that name.
    package mutating func remove(_ name: String) {
        while let line = self.line(of: name) {
            self.lines.removeSubrange(line.start..<line.end + 1)
            self.count -= 1
        }
    }

    /// The first value of that name.
    package subscript(name: String) -> String? {
        self.bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first value of that name as it was received, without spaces around it.
    package func bytes(of name: String) -> ArraySlice<UInt8>? {
        guard let line = self.line(of: name) else { return nil }
        return self.lines[line.value]
    }

    /// Where the value of that name lies in `storage`, without spaces around it; nil unless there is exactly one.
    package func place(of name: String) -> Range<Int>? {
        var places: [Range<Int>] = []
        self.forEachLine { line in
            if line.name.count == name.utf8.count,
                self.lines[line.name].elementsEqual(name.utf8, by: { Self.lowercased($0) == Self.lowercased($1) })
            {
                places.append(line.value)
            }
            return true
        }
        return places.count == 1 ? places[0] : nil
    }

    /// Writes other values of the same length over values, at places from `place(of:)`. They must be what may be sent: dates, digits.
    package mutating func rewrite(_ body: (inout [UInt8]) -> Void) {
        body(&self.lines)
    }

    /// The fields as strings, for tests and logs.
    package var fields: [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        self.forEachLine { line in
            result.append((String(decoding: self.lines[line.name], as: UTF8.self), String(decoding: self.lines[line.value], as: UTF8.self)))
            return true
        }
        return result
    }
}

extension HTTPHeaders {
    /// Where one line lies in the buffer.
    package struct Line {
        /// The line's first byte.
        package var start: Int
        /// The position of its colon.
        package var colon: Int
        /// The position of its zero byte.
        package var end: Int
        /// The value without spaces around it.
        package var value: Range<Int>
        /// The name.
        package var name: Range<Int> { self.start..<self.colon }

        init(_ bytes: UnsafeRawBufferPointer, start: Int, colon: Int, end: Int) {
            var (lower, upper) = (colon + 1, end)
            while lower < upper, unsafe bytes[lower] == 0x20 || bytes[lower] == 0x09 { lower += 1 }
            while upper > lower, unsafe bytes[upper - 1] == 0x20 || bytes[upper - 1] == 0x09 { upper -= 1 }
            (self.start, self.colon, self.end, self.value) = (start, colon, end, lower..<upper)
        }
    }

    /// The bytes that the ranges of a `Line` point into.
    package var storage: [UInt8] { self.lines }

    /// Calls `body` for each line until it returns false.
    package func forEachLine(_ body: (Line) -> Bool) {
        unsafe self.lines.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                let length = unsafe rest.firstPosition(of: 0) ?? rest.count
                let end = start + length
                if let name = unsafe UnsafeRawBufferPointer(rebasing: rest[..<length]).firstPosition(of: UInt8(ascii: ":")) {
                    guard unsafe body(Line(bytes, start: start, colon: start + name, end: end)) else { return }
                }
                start = end + 1
            }
        }
    }

    private func line(of name: String) -> Line? {
        var name = name
        return name.withUTF8 { name in
            unsafe self.lines.withUnsafeBytes { bytes in
                var start = 0
                while start < bytes.count {
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                    let length = unsafe rest.firstPosition(of: 0) ?? rest.count
                    if unsafe Self.isNamed(rest, name) {
                        return unsafe Line(bytes, start: start, colon: start + name.count, end: start + length)
                    }
                    start += length + 1
                }
                return nil
            }
        }
    }

    /// Whether the bytes begin with that name, in any case, and a colon.
    static func isNamed(_ bytes: UnsafeRawBufferPointer, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > name.count, unsafe bytes[name.count] == UInt8(ascii: ":") else { return false }
        for index in 0..<name.count {
            if unsafe self.lowercased(bytes[index]) != self.lowercased(name[index]) { return false }
        }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }
}

extension HTTPHeaders {
    /// Adds a line of an answer without its line end; what is no field (no colon) is left out.
    mutating func append(received line: UnsafeRawBufferPointer) {
        guard unsafe line.firstPosition(of: UInt8(ascii: ":")) != nil, unsafe line.firstPosition(of: 0) == nil else { return }
        // Not as raw bytes: an array takes those one by one.
        unsafe self.lines.append(contentsOf: line.assumingMemoryBound(to: UInt8.self))
        self.lines.append(0)
        self.count += 1
    }

    /// Whether a received line is `Content-Encoding` with anything but `identity` (RFC 9110, section 8.4).
    static func namesCoding(_ line: UnsafeRawBufferPointer) -> Bool {
        let text = unsafe String(decoding: line, as: UTF8.self).lowercased()
        guard text.hasPrefix("content-encoding:") else { return false }
        let codings = text.dropFirst("content-encoding:".count).split { ", \t".contains($0) }
        return codings.contains { $0 != "identity" }
    }

    /// The call that these fields belong to will be refused.
    mutating func refuse() {
        self.isValid = false
    }

    /// Adds a line that was found to be one.
    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        unsafe self.lines.append(contentsOf: name)
        self.lines.append(UInt8(ascii: ":"))
        self.lines.append(0x20)
        unsafe self.lines.append(contentsOf: value)
        self.lines.append(0)
        self.count += 1
    }

    /// Forgets the fields and keeps the memory.
    mutating func removeAll() {
        self.lines.removeAll(keepingCapacity: true)
        self.count = 0
        self.isValid = true
    }
}

extension UnsafeRawBufferPointer {
    /// Where a byte first occurs. Not `firstIndex`, which looks at one byte at a time: each request and answer is searched a dozen times.
    func firstPosition(of byte: UInt8) -> Int? {
        guard let start = self.baseAddress, let found = unsafe memchr(start, CInt(byte), self.count) else { return nil }
        return unsafe UnsafeRawPointer(found) - start
    }
}
