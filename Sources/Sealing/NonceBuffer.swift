import COpenSSL
import Glibc

/// Random nonces of 192 bits, asked of OpenSSL's generator a page at a time: one call for 170 of them instead of one each.
///
/// They lie in a page that the kernel empties in a forked child (MADV_WIPEONFORK, madvise(2)): the child finds none left and asks its own
/// generator, which OpenSSL seeds anew there (RAND(7)). Two processes never hand out the same nonce. A kernel that cannot do so gets no page:
/// each nonce is then asked for by itself.
@safe struct NonceBuffer: ~Copyable {
    /// Bytes of a nonce.
    static let nonceSize = 24

    private static let pageSize = 4096
    private static let headerSize = MemoryLayout<Int>.size
    private static let capacity = (Self.pageSize - Self.headerSize) / Self.nonceSize

    // Mapped in `init`, unmapped in `deinit`, never handed out. The number of nonces left stands in front of them: it has to be wiped too.
    private let page: UnsafeMutableRawPointer?
    private let source: NonceSource

    /// A buffer that is filled by `source` when it is needed.
    init(source: NonceSource = .system) {
        self.source = source
        let page = unsafe mmap(nil, Self.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let page = unsafe page, unsafe page != MAP_FAILED else {
            unsafe self.page = nil
            return
        }
        if unsafe madvise(page, Self.pageSize, Self.wipeOnFork) == 0 {
            unsafe self.page = page
        } else {
            unsafe munmap(page, Self.pageSize)
            unsafe self.page = nil
        }
    }

    deinit {
        if let page = unsafe self.page { unsafe munmap(page, Self.pageSize) }
    }

    /// Writes a nonce that was never handed out before; false when the generator has none.
    func take(into nonce: UnsafeMutableRawPointer) -> Bool {
        guard let page = unsafe self.page else {
            return unsafe self.source.fill(UnsafeMutableRawBufferPointer(start: nonce, count: Self.nonceSize))
        }
        var left = unsafe page.load(as: Int.self)
        if left == 0 {
            let room = unsafe UnsafeMutableRawBufferPointer(start: page + Self.headerSize, count: Self.capacity * Self.nonceSize)
            guard unsafe self.source.fill(room) else { return false }
            left = Self.capacity
        }
        left -= 1
        unsafe nonce.copyMemory(from: page + Self.headerSize + left * Self.nonceSize, byteCount: Self.nonceSize)
        unsafe page.storeBytes(of: left, as: Int.self)
        return true
    }

    /// MADV_WIPEONFORK of Linux 4.14, which not every C library's header has.
    private static let wipeOnFork: CInt = 18
}
