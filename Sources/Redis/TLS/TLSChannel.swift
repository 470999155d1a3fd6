internal import COpenSSL
internal import EventLoop

/// One TLS connection without its socket: commands go in and come out as records, records that arrived come out as replies.
@safe
final class TLSChannel {
    /// What one call did.
    enum Step: Equatable {
        case bytes(Int)
        /// More records have to arrive first.
        case needsInput
        /// The server said that it sends no more (close_notify).
        case closed
        case failed(RedisError)
    }

    /// The records on both sides.
    let buffers: TLSBuffers
    private let ssl: OpaquePointer
    /// Kept for its BIO_METHOD, which has to outlive the SSL object.
    private let context: TLSContext
    /// After an error OpenSSL allows no further call but freeing.
    private var isBroken = false

    /// A connection to a server that has to show a certificate for `serverName`.
    init(_ context: TLSContext, serverName: String, session: TLSSession?) throws(RedisError) {
        self.context = context
        self.buffers = TLSBuffers()
        unsafe self.ssl = try context.connection(over: self.buffers)
        // SSL_CTX_set_mode(3): what waits to be written may have moved to larger memory when the call is made again.
        unsafe SSL_ctrl(self.ssl, SSL_CTRL_MODE, Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER), nil)
        guard self.expect(serverName) else { throw .noTLS() }
        unsafe session?.resume(on: self.ssl)
        unsafe SSL_set_connect_state(self.ssl)
    }

    deinit {
        // Without a word about its end OpenSSL would count the session as one that must not be resumed. A connection that is lost says nothing
        // about its session (RFC 5246, section 7.2.1).
        if !self.isBroken { unsafe SSL_set_shutdown(self.ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        unsafe SSL_free(self.ssl)
    }

    /// Whether `decrypt` has something to work on. OpenSSL takes no more than one record at a time, unless SSL_CTX_set_read_ahead(3) tells it to: what
    /// it holds without counting it as pending is part of a record.
    var hasInput: Bool { unsafe self.buffers.hasIncoming || SSL_pending(self.ssl) > 0 }

    /// Goes on with the handshake; `.bytes(0)`: it is over.
    func handshake() -> Step {
        TLSErrors.clear()
        let code = unsafe SSL_do_handshake(self.ssl)
        return code == 1 ? .bytes(0) : self.outcome(code)
    }

    /// Makes records of all bytes. `.needsInput` in the middle of a renegotiation: to be called again with the same bytes, or more of them.
    func encrypt(_ bytes: UnsafeRawBufferPointer) -> Step {
        TLSErrors.clear()
        var count = 0
        let code = unsafe SSL_write_ex(self.ssl, bytes.baseAddress, bytes.count, &count)
        return code == 1 ? .bytes(count) : self.outcome(code)
    }

    /// Takes bytes out of the next record.
    func decrypt(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        TLSErrors.clear()
        var count = 0
        let code = unsafe SSL_read_ex(self.ssl, buffer.baseAddress, buffer.count, &count)
        return code == 1 ? .bytes(count) : self.outcome(code)
    }

    /// Puts close_notify behind what was written.
    func endWriting() {
        guard !self.isBroken, unsafe SSL_is_init_finished(self.ssl) == 1 else { return }
        TLSErrors.clear()
        unsafe SSL_shutdown(self.ssl)
    }

    /// The version, and whether the handshake took up an earlier session, for a log.
    var summary: String {
        let version = unsafe SSL_get_version(self.ssl).map { unsafe String(cString: $0) } ?? "TLS"
        return unsafe SSL_session_reused(self.ssl) == 1 ? "\(version), resumed" : version
    }

    /// Verifies the certificate's name, and tells the server which one is meant. An address is no name to SNI (RFC 6066, section 3).
    private func expect(_ serverName: String) -> Bool {
        if SocketAddress(numericHost: serverName, port: 0) != nil {
            return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(self.ssl), serverName) == 1
        }
        // A name may end in a dot, for resolvers; those in certificates and SNI do not.
        let name = serverName.hasSuffix(".") ? String(serverName.dropLast()) : serverName
        unsafe SSL_set_hostflags(self.ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard unsafe SSL_set1_host(self.ssl, name) == 1 else { return false }
        return unsafe name.withCString { text in
            // SSL_set_tlsext_host_name(3) is a macro for this; it copies the text.
            unsafe SSL_ctrl(
                self.ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), UnsafeMutableRawPointer(mutating: text)) == 1
        }
    }

    private func outcome(_ code: CInt) -> Step {
        switch unsafe SSL_get_error(self.ssl, code) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_ZERO_RETURN: return .closed
        default:
            self.isBroken = true
            let verification = unsafe SSL_get_verify_result(self.ssl)
            let error: RedisError =
                verification == Int(X509_V_OK)
                ? .tls(reason: TLSErrors.reason(), text: TLSErrors.text()) : .certificateRefused(CInt(truncatingIfNeeded: verification))
            TLSErrors.clear()
            return .failed(error)
        }
    }
}
