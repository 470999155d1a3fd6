import CUV

/// What a libuv call returned: zero or more on success, a negated errno otherwise (libuv documentation, "Error handling").
struct UVCode: RawRepresentable, Hashable {
    let rawValue: CInt

    static let cancelled = UVCode(rawValue: CInt(UV_ECANCELED.rawValue))

    var isFailure: Bool { self.rawValue < 0 }

    /// libuv's own name and text for the code.
    var text: String {
        unsafe "\(String(cString: uv_err_name(self.rawValue))): \(String(cString: uv_strerror(self.rawValue)))"
    }

    /// Throws what the code stands for, if it is a failure.
    func check(_ what: StaticString) throws(EventLoopError) {
        if self.isFailure {
            throw EventLoopError(.system, "\(what): \(self.text)")
        }
    }
}
