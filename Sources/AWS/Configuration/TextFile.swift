import Glibc

/// A small text file, read whole.
enum TextFile {
    /// Bytes; a larger file is none of those read here.
    private static let limit = 1 << 20

    /// Its text, nil if there is no such file.
    static func contents(of path: String) throws(AWSError) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw self.unreadable(errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw self.unreadable(errno) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= self.limit else {
                throw AWSError(.configuration, "A file of the AWS configuration is larger than 1 MB; point its variable to the right file.")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Puts these bytes in the file's place: whoever reads it finds the old ones or the new ones, whole. Nobody but its owner may read it (mode 0600).
    static func replace(_ path: String, with bytes: [UInt8]) throws(AWSError) {
        // Beside the file: a rename within a file system is atomic.
        let name = "\(path).\(UInt64.random(in: .min ... .max))"
        let descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.unwritable(errno) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress.map { unsafe $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        var isDone = written == bytes.count && fsync(descriptor) == 0
        var problem = errno
        close(descriptor)
        if isDone {
            isDone = unsafe rename(name, path) == 0
            problem = errno
        }
        guard !isDone else { return }
        _ = unsafe unlink(name)
        throw self.unwritable(problem)
    }

    private static func unwritable(_ error: Int32) -> AWSError {
        AWSError(.configuration, "A file of the AWS configuration cannot be written (errno \(error)); check its folder's permissions.")
    }

    private static func unreadable(_ error: Int32) -> AWSError {
        AWSError(
            .configuration,
            "A file of the AWS configuration cannot be read (errno \(error)); check its permissions, or the variable that names it.")
    }
}
