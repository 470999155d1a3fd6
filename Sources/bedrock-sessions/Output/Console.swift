import Glibc

/// The process's standard streams. Lines leave at once, so that whoever reads them through a pipe sees them in time.
enum Console {
    /// Writes a line to standard output.
    static func print(_ line: String) {
        Self.write(Array(line.utf8) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Writes bytes and a line's end to standard output.
    static func print(_ bytes: [UInt8]) {
        Self.write(bytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Writes a line to standard error.
    static func complain(_ line: String) {
        Self.write(Array(line.utf8) + [UInt8(ascii: "\n")], to: STDERR_FILENO)
    }

    /// Writes text to standard error as it is.
    static func complain(raw text: String) {
        Self.write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool {
        isatty(STDOUT_FILENO) == 1
    }

    /// Everything on standard input; nil when it cannot be read, or holds more than `limit` bytes.
    static func read(limit: Int) -> [UInt8]? {
        Self.read(STDIN_FILENO, limit: limit)
    }

    /// Everything in a file; nil when it cannot be read, or holds more than `limit` bytes.
    static func read(file path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return Self.read(descriptor, limit: limit)
    }

    private static func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return content }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            content.append(contentsOf: chunk[..<count])
            if content.count > limit { return nil }
        }
    }

    /// Writes a file anew; false when that cannot be done.
    static func write(_ bytes: [UInt8], file path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        let isWritten = Self.write(bytes, to: descriptor)
        return close(descriptor) == 0 && isWritten
    }

    /// Of the standard streams nobody is left to tell when this fails.
    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
