internal import COpenSSL
internal import EventLoop
internal import Glibc

/// What all connections of a client have in common (`SSL_CTX`): whom they trust, and the certificate that they show.
@safe
final class TLSContext {
    private let context: OpaquePointer
    private let method: TLSBufferMethod
    private var authorities: TrustedBundle?

    /// Reads the files. Throws `.invalidConfiguration` for those that cannot be used.
    init(_ settings: RedisTLS) throws(RedisError) {
        guard let method = TLSBufferMethod(), let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw .noTLS() }
        // From here on `deinit` frees both, whatever is thrown.
        self.method = method
        unsafe self.context = context
        guard unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1 else { throw .noTLS() }
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        // SSL_CTX_set_default_passwd_cb(3): without this one a key with a passphrase would ask for it at the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
        try self.trust(settings.authorityFile)
        if let certificate = settings.certificateFile, let key = settings.keyFile { try self.show(certificate, key: key) }
        self.keepSessions()
    }

    deinit {
        unsafe SSL_CTX_free(self.context)
    }

    /// An SSL object over `buffers`, which have to outlive it. The caller frees it.
    func connection(over buffers: TLSBuffers) throws(RedisError) -> OpaquePointer {
        guard let ssl = unsafe SSL_new(self.context) else { throw .noTLS() }
        guard unsafe self.method.connect(ssl, to: buffers) else {
            unsafe SSL_free(ssl)
            throw .noTLS()
        }
        return unsafe ssl
    }

    private func trust(_ file: String?) throws(RedisError) {
        if let file {
            try Self.check(file, "file of authorities (ca)")
            guard unsafe SSL_CTX_load_verify_file(self.context, file) == 1 else { throw Self.unusable("file of authorities (ca)") }
        } else if let path = TrustStore.bundle(), let bundle = TrustedBundle(path), let store = unsafe SSL_CTX_get_cert_store(self.context),
            unsafe bundle.attach(to: store)
        {
            self.authorities = bundle
        } else {
            // Where OpenSSL was told to look when it was built.
            guard unsafe SSL_CTX_set_default_verify_paths(self.context) == 1 else { throw .noTLS() }
        }
    }

    private func show(_ certificate: String, key: String) throws(RedisError) {
        try Self.check(certificate, "client certificate (cert)")
        try Self.check(key, "key of the client certificate (key)")
        guard unsafe SSL_CTX_use_certificate_chain_file(self.context, certificate) == 1 else {
            throw Self.unusable("client certificate (cert)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(self.context, key, SSL_FILETYPE_PEM) == 1 else {
            // X509_check_private_key(3) has run by then: another key than the certificate's is refused here, too.
            let isOther = TLSErrors.reason() == X509_R_KEY_VALUES_MISMATCH
            throw Self.unusable("key of the client certificate (key)", isOther ? "belongs to another certificate" : nil)
        }
    }

    /// SSL_CTX_sess_set_new_cb(3): called for each session that a server offers; 1 keeps the reference. Which server's it is, is known by the buffers.
    private func keepSessions() {
        let mode = Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL)
        unsafe SSL_CTX_ctrl(self.context, SSL_CTRL_SET_SESS_CACHE_MODE, mode, nil)
        unsafe SSL_CTX_sess_set_new_cb(self.context) { ssl, session in
            guard let session = unsafe session, let buffers = unsafe TLSBufferMethod.buffers(of: SSL_get_rbio(ssl)) else { return 0 }
            unsafe buffers.onSession(TLSSession(owning: session))
            return 1
        }
    }

    private static func check(_ path: String, _ what: String) throws(RedisError) {
        guard unsafe access(path, R_OK) == 0 else {
            let code = errno
            throw Self.unusable(what, code == ENOENT || code == ENOTDIR ? "is not there" : "may not be read by this user")
        }
    }

    private static func unusable(_ what: String, _ problem: String? = nil) -> RedisError {
        let text = TLSErrors.text()
        TLSErrors.clear()
        return RedisError(
            .invalidConfiguration, "The \(what) of the Redis settings \(problem ?? "is no PEM file of that kind"); correct its path.",
            underlying: problem == nil ? text : nil)
    }
}
