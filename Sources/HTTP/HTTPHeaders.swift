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
        let start = self.beginLine(name)
        self.lines.append(contentsOf: value.utf8)
        self.endLine(start, name: name.utf8.count)
    }

    /// Adds a field whose value is already bytes (a date, a signature).
    package mutating func append(_ name: String, bytes value: [UInt8]) {
        let start = self.beginLine(name)
        self.lines.append(contentsOf: value)
        self.endLine(start, name: name.utf8.count)
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
                    var lower = start + name + 1
                    var upper = end
                    while lower < upper, unsafe bytes[lower] == 0x20 || bytes[lower] == 0x09 { lower += 1 }
                    while upper > lower, unsafe bytes[upper - 1] == 0x20 || bytes[upper - 1] == 0x09 { upper -= 1 }
                    guard body(Line(start: start, colon: start + name, end: end, value: lower..<upper)) else { return }
                }
                start = end + 1
            }
        }
    }

    private func line(of name: String) -> Line? {
        var found: Line?
        self.forEachLine { line in
            guard self.matches(line, name) else { return true }
            found = line
            return false
        }
        return found
    }

    /// Whether the line has that name, in any case.
    func matches(_ line: Line, _ name: String) -> Bool {
        guard line.name.count == name.utf8.count else { return false }
        var position = line.start
        for byte in name.utf8 {
            guard Self.lowercased(self.lines[position]) == Self.lowercased(byte) else { return false }
            position += 1
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
        unsafe self.lines.append(contentsOf: line)
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

    /// Forgets the fields and keeps the memory.
    mutating func removeAll() {
        self.lines.removeAll(keepingCapacity: true)
        self.count = 0
        self.isValid = true
    }

    private mutating func beginLine(_ name: String) -> Int {
        let start = self.lines.count
        self.lines.append(contentsOf: name.utf8)
        self.lines.append(UInt8(ascii: ":"))
        self.lines.append(0x20)
        return start
    }

    /// Checks the line: a name is a token (RFC 9110, section 5.6.2), of which rule the characters that could start another line or field matter here; a
    /// value has no control characters but tabs. A call with a line that fails will be refused; the buffer stays well-formed.
    private mutating func endLine(_ start: Int, name: Int) {
        if self.mayBeSent(start, name: name) {
            self.lines.append(0)
            self.count += 1
        } else {
            self.isValid = false
            self.lines.removeSubrange(start...)
        }
    }

    private func mayBeSent(_ start: Int, name: Int) -> Bool {
        let bytes = self.lines.span
        var isValid = name > 0
        for index in start..<start + name {
            let byte = bytes[index]
            if byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") { isValid = false }
        }
        for index in start + name + 2..<bytes.count {
            let byte = bytes[index]
            if byte < 0x20 && byte != 0x09 || byte == 0x7f { isValid = false }
        }
        return isValid
    }
}

extension UnsafeRawBufferPointer {
    /// Where a byte first occurs. Not `firstIndex`, which looks at one byte at a time: each request and answer is searched a dozen times.
    fileprivate func firstPosition(of byte: UInt8) -> Int? {
        guard let start = self.baseAddress, let found = unsafe memchr(start, CInt(byte), self.count) else { return nil }
        return unsafe UnsafeRawPointer(found) - start
    }
}
