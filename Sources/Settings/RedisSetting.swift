/// What is said of the cache's server beside its URL, where that does not say it itself.
package struct RedisSetting: Hashable, Sendable {
    /// The PEM file of the authorities to trust.
    package var authorityFile: String?
    /// The PEM file of the client's certificate.
    package var certificateFile: String?
    /// The PEM file of its key.
    package var keyFile: String?
    /// Who connects, where no password says so: `iam://user@cache-name`.
    package var identity: String?

    /// With these parts.
    package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, identity: String? = nil) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.identity = identity
    }

    /// Reads the variables.
    init(_ reader: inout SettingsReader) {
        self.authorityFile = reader.text(.redisAuthorityFile)
        self.certificateFile = reader.text(.redisCertificateFile)
        self.keyFile = reader.text(.redisKeyFile)
        self.identity = reader.text(.redisIdentity)
        if (self.certificateFile == nil) != (self.keyFile == nil) {
            let names = "\(SettingKey.redisCertificateFile.rawValue) and \(SettingKey.redisKeyFile.rawValue)"
            reader.problems.append("\(names) belong together: set both or neither")
        }
    }
}
