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

    private static func unreadable(_ error: Int32) -> AWSError {
        AWSError(
            .configuration,
            "A file of the AWS configuration cannot be read (errno \(error)); check its permissions, or the variable that names it.")
    }
}
