import Glibc

/// Where the system keeps the certificate authorities it trusts.
///
/// libcurl and OpenSSL have one such path compiled in, that of the distribution they were built for: a program that is built on Debian and runs in a
/// Lambda of Amazon Linux, with its own libraries beside it, would trust nobody.
package enum TrustStore {
    /// The bundles of Debian, Ubuntu and Alpine; of Amazon Linux, Fedora and Red Hat, under their two names; of SUSE; of others.
    package static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// The first bundle that is there; nil: leave it to the library.
    package static func bundle(isReadable: (String) -> Bool = { unsafe access($0, R_OK) == 0 }) -> String? {
        self.places.first(where: isReadable)
    }
}
