import NIOSSL

/// The certificate that `serve` shows, and its key.
struct ServerTLS {
    let configuration: TLSConfiguration

    /// Reads PEM files: the certificate with those that vouch for it behind it, and its key. TLS 1.2 or newer. Throws a failure.
    init(certificateFile: String, keyFile: String) throws(CommandFailure) {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map { NIOSSLCertificateSource.certificate($0) }
            guard !chain.isEmpty else { throw CommandFailure.failed("--tls-cert \(certificateFile) holds no certificate in PEM form") }
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            // HTTP/1.1 only, said to clients that ask.
            configuration.applicationProtocols = ["http/1.1"]
            _ = try NIOSSLContext(configuration: configuration)
            self.configuration = configuration
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("--tls-cert and --tls-key cannot be used (\(error)): name the PEM files of a certificate and of its key")
        }
    }
}
