internal import COpenSSL

/// Both sides of what an SSL object reads and writes: records that arrived, and records that are to leave. Memory, never a socket, so that
/// all records of a turn leave in one write, and writing never waits halfway.
@safe
final class TLSBuffers {
    /// Records on their way to the socket.
    let outgoing = ByteQueue()
    private let memory: UnsafeMutableRawBufferPointer
    private var head = 0
    private var tail = 0
    /// The session that the server last offered for the next connection.
    var onSession: (TLSSession) -> Void = { _ in }

    /// A whole record: 16 KB, a header of 5 bytes, and at most 256 of encryption (RFC 8446, section 5.2).
    private static let recordBytes = (16 << 10) + 5 + 256

    init() {
        unsafe self.memory = .allocate(byteCount: Self.recordBytes, alignment: 16)
    }

    deinit {
        unsafe self.memory.deallocate()
    }

    /// Whether bytes that arrived have not been looked at.
    var hasIncoming: Bool { self.head < self.tail }

    /// Reads from the socket what fits. To be called when everything before has been looked at.
    func fill(from socket: TCPSocket) -> TransferResult {
        guard !self.hasIncoming else { return .bytes(0) }
        let result = unsafe socket.receive(into: self.memory)
        if case .bytes(let count) = result {
            self.head = 0
            self.tail = count
        }
        return result
    }

    /// Hands bytes that arrived to the SSL object.
    fileprivate func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, self.tail - self.head)
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: self.memory[self.head..<self.head + count]))
        self.head += count
        return count
    }
}

/// OpenSSL's table of how to read and write (`BIO_METHOD`), over `TLSBuffers`.
@safe
struct TLSBufferMethod: ~Copyable {
    private let method: OpaquePointer

    /// `nil` if there is no memory for it.
    init?() {
        guard let method = unsafe BIO_meth_new(BIO_TYPE_SOURCE_SINK, "redis") else { return nil }
        unsafe self.method = method
        // BIO_meth_new(3): write_ex and read_ex return 1 for success, and 0 with the retry flags for "later".
        unsafe BIO_meth_set_write_ex(method) { bio, bytes, count, written in
            guard let buffers = unsafe TLSBufferMethod.buffers(of: bio) else { return 0 }
            unsafe buffers.outgoing.append(UnsafeRawBufferPointer(start: bytes, count: count))
            unsafe written?.pointee = count
            return 1
        }
        unsafe BIO_meth_set_read_ex(method) { bio, bytes, count, read in
            guard let buffers = unsafe TLSBufferMethod.buffers(of: bio) else { return 0 }
            unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            guard buffers.hasIncoming else {
                unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
                return 0
            }
            unsafe read?.pointee = buffers.take(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
            return 1
        }
        // BIO_ctrl(3): 1 says that flushing worked, 0 that anything else is not supported.
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    }

    deinit {
        unsafe BIO_meth_free(self.method)
    }

    /// Has `ssl` read from and write to `buffers`, which has to outlive it. False if there is no memory for it.
    func connect(_ ssl: OpaquePointer, to buffers: TLSBuffers) -> Bool {
        guard let bio = unsafe BIO_new(self.method) else { return false }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(buffers).toOpaque())
        // SSL_set_bio(3): the same one for both directions is taken over once.
        unsafe SSL_set_bio(ssl, bio, bio)
        return true
    }

    /// The buffers that an SSL object was connected to.
    static func buffers(of bio: OpaquePointer?) -> TLSBuffers? {
        guard let data = unsafe BIO_get_data(bio) else { return nil }
        return unsafe Unmanaged<TLSBuffers>.fromOpaque(data).takeUnretainedValue()
    }
}
