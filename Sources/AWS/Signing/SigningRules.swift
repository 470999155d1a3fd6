/// How services differ in what they sign. Source: IAM User Guide, "Create a signed AWS API request", step 1 (canonical URI).
package struct SigningRules: Hashable, Sendable {
    /// Whether empty and dot segments are removed from the path (RFC 3986, section 5.2.4).
    package var normalizesPath: Bool
    /// Whether the path is percent-encoded once more than it is sent.
    package var encodesPath: Bool

    /// Rules of these properties; the defaults hold for all services but S3.
    package init(normalizesPath: Bool = true, encodesPath: Bool = true) {
        self.normalizesPath = normalizesPath
        self.encodesPath = encodesPath
    }

    /// S3 takes a path as it is sent: `..` and `//` may be part of an object's name.
    package static let s3 = SigningRules(normalizesPath: false, encodesPath: false)
}

/// What becomes of a session token. Source: IAM User Guide, "Create a signed AWS API request": most services want it signed; some take it added to
/// a request that is signed without it.
package enum TokenPlacement: Hashable, Sendable {
    /// It is part of what is signed.
    case signed
    /// It is added to the signed request.
    case afterSigning
}
