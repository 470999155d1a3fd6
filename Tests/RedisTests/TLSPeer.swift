import COpenSSL
import TestSupport

/// The server's side of a TLS connection, for what no redis-server does. Blocking calls, on the thread that a `LoopbackServer` gives to a peer.
final class TLSPeer {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let peer: LoopbackServer.Peer
    /// What came in and goes out, in memory: records are handed on as the test likes.
    private let (input, output): (OpaquePointer, OpaquePointer)

    /// Greets as a server with this certificate; nil if the greeting fails.
    ///
    /// - Parameter version: the one version that it speaks.
    init?(_ peer: LoopbackServer.Peer, _ certificate: TestAuthority.Certificate, version: Int32 = TLS1_3_VERSION) {
        guard let context = SSL_CTX_new(TLS_server_method()), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            return nil
        }
        SSL_CTX_use_certificate_chain_file(context, certificate.file)
        SSL_CTX_use_PrivateKey_file(context, certificate.key, SSL_FILETYPE_PEM)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        guard let ssl = SSL_new(context) else { return nil }
        SSL_set_bio(ssl, input, output)
        SSL_set_accept_state(ssl)
        (self.context, self.ssl, self.peer, self.input, self.output) = (context, ssl, peer, input, output)
        if self.repeated({ SSL_do_handshake(ssl) }) != 1 { return nil }
    }

    deinit {
        SSL_free(self.ssl)
        SSL_CTX_free(self.context)
    }

    /// The name that the client asked for, if it did.
    var requestedName: String? {
        SSL_get_servername(self.ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// Reads until `text` has come, or the end. Returns whether it came.
    @discardableResult
    func read(until text: String) -> Bool {
        self.text(until: text).contains(text)
    }

    private func text(until text: String) -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !String(decoding: received, as: UTF8.self).contains(text) {
            let count = self.repeated { SSL_read(self.ssl, &buffer, Int32(buffer.count)) }
            guard count > 0 else { break }
            received += buffer[..<Int(count)]
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Answers the greeting, as a server that does not tell anything: one refusal for each command but the last.
    func greet() {
        let commands = self.text(until: "PING\r\n").split(separator: "\r\n").filter { $0.hasPrefix("*") }
        self.write(String(repeating: "-NOPERM x\r\n", count: max(0, commands.count - 1)) + "+PONG\r\n")
    }

    /// Writes records: one for each piece of at most `size` bytes, all in one segment.
    func write(_ text: String, inRecordsOf size: Int = .max) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            _ = self.repeated(flushes: false) { SSL_write(self.ssl, piece, Int32(piece.count)) }
            rest = rest.dropFirst(piece.count)
        }
        self.flush()
    }

    /// Writes past TLS.
    func writeBare(_ text: String) {
        self.peer.write(text)
    }

    /// Changes its keys, and asks the client to do so as well. The answer shows in the next read.
    func updateKeys() {
        SSL_key_update(self.ssl, SSL_KEY_UPDATE_REQUESTED)
        _ = self.repeated { SSL_do_handshake(self.ssl) }
    }

    /// Asks for another handshake, of TLS 1.2, and waits for its end.
    func renegotiate() -> Bool {
        let before = SSL_ctrl(self.ssl, SSL_CTRL_GET_TOTAL_RENEGOTIATIONS, 0, nil)
        guard SSL_renegotiate(self.ssl) == 1 else { return false }
        // This sends the request; the handshake happens in reads.
        _ = self.repeated { SSL_do_handshake(self.ssl) }
        var place: [UInt8] = [0]
        while SSL_ctrl(self.ssl, SSL_CTRL_GET_TOTAL_RENEGOTIATIONS, 0, nil) == before || SSL_in_init(self.ssl) == 1 {
            if !self.fill() { return false }
            _ = SSL_peek(self.ssl, &place, 1)
            self.flush()
        }
        return true
    }

    /// Says that nothing more comes.
    func notifyClose() {
        SSL_shutdown(self.ssl)
        self.flush()
    }

    /// Whether the client has said so.
    var clientNotifiedClose: Bool { SSL_get_shutdown(self.ssl) & SSL_RECEIVED_SHUTDOWN != 0 }

    /// Makes a call until it needs no more input.
    private func repeated(flushes: Bool = true, _ call: () -> Int32) -> Int32 {
        while true {
            let code = call()
            if flushes { self.flush() }
            if code > 0 || SSL_get_error(self.ssl, code) != SSL_ERROR_WANT_READ { return code }
            if !self.fill() { return 0 }
        }
    }

    private func fill() -> Bool {
        let bytes = self.peer.read()
        return !bytes.isEmpty && BIO_write(self.input, bytes, Int32(bytes.count)) == Int32(bytes.count)
    }

    private func flush() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = BIO_read(self.output, &buffer, Int32(buffer.count))
            if count <= 0 { return }
            self.peer.write(Array(buffer[..<Int(count)]))
        }
    }
}
