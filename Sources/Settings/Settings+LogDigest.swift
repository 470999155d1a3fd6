package import Sealing

extension Settings {
    /// By what logs name sessions and users; nil: there is neither a key for it nor a seal key, and logs name none. Without a key a digest would be one that
    /// anybody can compute.
    package var logDigest: LogDigest? {
        if let logKey = self.logKey { return try? LogDigest(key: logKey) }
        guard case .keys(let ring) = self.seal else { return nil }
        return try? LogDigest(derivedFrom: ring)
    }
}
