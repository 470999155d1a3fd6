import CUV

/// A libuv handle: its memory, and its way out. Loop only.
///
/// libuv keeps the object alive from `open` until the close callback ("uv_close() MUST be called on each handle before memory is released",
/// libuv documentation, uv_handle_t). Whoever drops one without closing it leaks it until the loop shuts down, which closes what is left.
@safe
package class LoopHandle {
    let core: LoopCore
    let memory: UnsafeMutableRawPointer
    private(set) var isOpen = false

    init(_ loop: UVLoop, size: Int, alignment: Int) {
        self.core = loop.core
        unsafe self.memory = .allocate(byteCount: size, alignment: alignment)
        unsafe self.memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit {
        unsafe self.memory.deallocate()
    }

    /// Calls a `uv_*_init`; on a loop that was shut down the handle stays closed.
    func open(_ initialise: (UnsafeMutablePointer<uv_loop_t>) -> CInt) -> UVCode? {
        guard !self.core.isTerminated else { return nil }
        let code = unsafe UVCode(rawValue: initialise(self.core.raw))
        if !code.isFailure {
            self.isOpen = true
            unsafe self.base.pointee.data = Unmanaged.passRetained(self).toOpaque()
        }
        return code
    }

    /// Releases the handle. Its callback does not run any more.
    package func close() {
        guard self.isOpen else { return }
        self.isOpen = false
        unsafe uv_close(self.base) { handle in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<LoopHandle>.fromOpaque(data).takeRetainedValue().closed()
        }
    }

    /// libuv is done with the handle.
    func closed() {}

    private var base: UnsafeMutablePointer<uv_handle_t> {
        unsafe self.memory.assumingMemoryBound(to: uv_handle_t.self)
    }

    /// The object behind a handle's `data`.
    static func recover<Owner: LoopHandle>(_ data: UnsafeMutableRawPointer?, as type: Owner.Type = Owner.self) -> Owner? {
        guard let data = unsafe data else { return nil }
        return unsafe Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue() as? Owner
    }
}
