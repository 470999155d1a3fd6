internal import COpenSSL

/// OpenSSL's queue of errors, which belongs to the thread.
enum TLSErrors {
    /// The queue must be empty before a call whose result SSL_get_error(3) is asked about. Looking is cheaper than clearing.
    @inline(__always)
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// The number of the first error, `SSL_R_...` for those of libssl; 0: there is none.
    static func reason() -> CInt {
        ERR_GET_REASON(ERR_peek_error())
    }

    /// OpenSSL's text for the first error: a constant of the library.
    static func text() -> String? {
        guard let text = unsafe ERR_reason_error_string(ERR_peek_error()) else { return nil }
        return unsafe String(cString: text)
    }
}
