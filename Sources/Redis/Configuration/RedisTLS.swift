/// How a connection is encrypted, and whom it believes to be the Redis of the URL.
///
/// The server's certificate chain and its name are always verified, and nothing older than TLS 1.2 is spoken.
public struct RedisTLS: Hashable, Sendable {
    /// A PEM file with the authorities that may vouch for the server; `nil`: those that the system trusts.
    public var authorityFile: String?
    /// A PEM file with this client's certificate, and those between it and its authority; `nil`: none is shown.
    public var certificateFile: String?
    /// A PEM file with the key of `certificateFile`, without a passphrase.
    public var keyFile: String?
    /// The name or address that the server's certificate has to be for; `nil`: the host that is connected to. For tunnels.
    public var serverName: String?

    /// Trusts the system's authorities and shows no certificate.
    public init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
    }

    /// What cannot work, with the sentence that says so.
    var checks: [(Bool, String)] {
        let files = [self.authorityFile, self.certificateFile, self.keyFile]
        return [
            (
                files.contains { $0.map { $0.isEmpty || $0.utf8.contains(0) } ?? false },
                "Give each file of the Redis TLS settings a path, or leave it away."
            ),
            (
                (self.certificateFile == nil) != (self.keyFile == nil),
                "Give the client certificate of Redis its key, and the key its certificate: one does not work without the other."
            ),
            (
                self.serverName.map { $0.isEmpty || $0.utf8.contains { $0 <= 0x20 || $0 == 0x7F } } ?? false,
                "Remove spaces and control characters from the server name of the Redis TLS settings."
            ),
        ]
    }
}
