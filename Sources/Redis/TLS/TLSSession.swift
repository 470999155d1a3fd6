internal import COpenSSL

/// What two sides agreed on, to be taken up again by the next connection: a handshake without certificates.
@safe
final class TLSSession {
    private let session: OpaquePointer

    /// Takes over one reference.
    init(owning session: OpaquePointer) {
        unsafe self.session = session
    }

    deinit {
        unsafe SSL_SESSION_free(self.session)
    }

    /// Whether it is to be used once only: the ticket of TLS 1.3 travels readable, and would tell observers that both connections are one
    /// client's (RFC 8446, appendix C.4).
    var isForOneUse: Bool { unsafe SSL_SESSION_get_protocol_version(self.session) >= TLS1_3_VERSION }

    /// Has `ssl` try to take it up. What the server does not want is done without.
    func resume(on ssl: OpaquePointer) {
        // SSL_set_session(3) takes a reference of its own.
        unsafe SSL_set_session(ssl, self.session)
    }
}
