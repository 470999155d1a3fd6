import Glibc

/// A small file with secrets, read whole.
enum SecretFile {
    /// Bytes; a larger file holds something else.
    static let limit = 64 * 1024

    /// Its text. Throws what a person can do something about.
    static func contents(_ path: String) throws(FileFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        // The text itself goes on living as long as its reader wants; the copies made here do not.
        defer { Self.wipe(&bytes) }
        bytes.reserveCapacity(Self.limit + 1)
        var buffer = [UInt8](repeating: 0, count: 4096)
        defer { Self.wipe(&buffer) }
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno) }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            guard bytes.count + count <= Self.limit else { throw FileFailure(problem: "is larger than 64 KB: name the one with the keys") }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } }
    }
}

/// Why a file cannot be read.
struct FileFailure: Error, Hashable {
    /// The end of a sentence that begins with the file.
    var problem: String

    static func system(_ code: CInt) -> FileFailure {
        switch code {
        case ENOENT, ENOTDIR: FileFailure(problem: "is not there")
        case EACCES, EPERM: FileFailure(problem: "may not be read by this user")
        case EISDIR: FileFailure(problem: "is a folder")
        default: FileFailure(problem: "cannot be read (errno \(code))")
        }
    }
}
