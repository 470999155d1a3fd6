/// Fixed memory that a socket is read into.
@safe
final class InputBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int = ReadShare.most) {
        unsafe self.bytes = .allocate(byteCount: byteCount, alignment: 16)
    }

    deinit {
        unsafe self.bytes.deallocate()
    }
}
