/// Fixed memory that a socket is read into.
@safe
final class InputBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    /// 16 KB, as redis-server reads: small enough that 256 replies come in several turns, large enough to cost few calls.
    init(byteCount: Int = 16 << 10) {
        unsafe self.bytes = .allocate(byteCount: byteCount, alignment: 16)
    }

    deinit {
        unsafe self.bytes.deallocate()
    }
}
