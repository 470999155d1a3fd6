import Foundation
import Glibc

/// The lines of a file or of standard input, one after the other: the whole need not fit into memory.
final class LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// Bytes of a line at most: an item has 400 KB, its JSON a few times that.
    private static let limit = 4 << 20

    /// Nil when the file cannot be opened.
    init?(_ path: String?) {
        guard let path else {
            self.descriptor = STDIN_FILENO
            return
        }
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if self.descriptor < 0 { return nil }
    }

    /// The lines that come through a descriptor, which is closed with the reader.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if self.descriptor > STDIN_FILENO { close(self.descriptor) }
    }

    /// The next line that is not empty, without its end; nil after the last one. Throws a failure for what cannot be read, or is no text of lines.
    func next() throws(CommandFailure) -> [UInt8]? {
        while true {
            if let end = self.buffer[self.start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(self.buffer[self.start..<end])
                self.start = end + 1
                if line.isEmpty { continue }
                return line
            }
            if self.isAtEnd {
                defer { self.start = self.buffer.count }
                return self.start < self.buffer.count ? Array(self.buffer[self.start...]) : nil
            }
            try self.fill()
        }
    }

    private func fill() throws(CommandFailure) {
        self.buffer.removeFirst(self.start)
        self.start = 0
        guard self.buffer.count < Self.limit else {
            throw .failed("a line is longer than any item: give a file of JSON lines, as `export` writes it")
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(self.descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { return }
        guard count >= 0 else { throw .failed("the file cannot be read to its end (errno \(errno))") }
        if count == 0 { self.isAtEnd = true } else { self.buffer.append(contentsOf: chunk[..<count]) }
    }
}

extension LineReader {
    /// The lines of a descriptor as they come, read by a thread of their own; what cannot be read ends them.
    static func lines(of descriptor: Int32) -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                let reader = LineReader(descriptor: descriptor)
                while let line = try? reader.next() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}
