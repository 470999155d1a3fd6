import Locked

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Standard error, line by line.
enum StandardError {
    /// A pipe mixes what several threads write at once when it is longer than a page.
    private static let turn = Locked(())

    /// Writes a line in one call, where the system takes it in one; what it does not take is lost: a log is no reason to fail.
    static func write(_ line: [UInt8]) {
        Self.turn.withLock { _ in
            var start = 0
            while start < line.count {
                let count = line.withUnsafeBytes { bytes in
                    bytes.baseAddress.map { Self.systemWrite(STDERR_FILENO, $0 + start, bytes.count - start) } ?? 0
                }
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN {
                    // Somebody made it a descriptor that does not wait; a second is what it may take.
                    var room = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
                    if poll(&room, 1, 1000) > 0 { continue }
                }
                guard count > 0 else { return }
                start += count
            }
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #else
            Musl.write(descriptor, bytes, count)
        #endif
    }
}
