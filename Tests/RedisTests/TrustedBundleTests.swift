import COpenSSL
import EventLoop
import TestSupport
import Testing

@testable import Redis

@Suite(
    "Redis client: the system's authorities", .timeLimit(.minutes(1)),
    .enabled(if: TestAuthority.isAvailable, Comment(rawValue: TestAuthority.skipReason)))
struct TrustedBundleTests {
    /// OpenSSL's verdict on a certificate, with the bundle as the only place to look for authorities.
    private func verdict(on certificate: TestAuthority.Certificate, _ bundle: TrustedBundle, _ store: OpaquePointer) throws -> Int32 {
        let file = try #require(BIO_new_file(certificate.file, "r"))
        defer { BIO_free(file) }
        let leaf = try #require(PEM_read_bio_X509(file, nil, nil, nil))
        defer { X509_free(leaf) }
        let context = try #require(X509_STORE_CTX_new())
        defer { X509_STORE_CTX_free(context) }
        #expect(X509_STORE_CTX_init(context, store, leaf, nil) == 1)
        return X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context)
    }

    @Test("a certificate is accepted if its authority is anywhere in the file, and only then")
    func verification() async throws {
        let (first, second) = (try await TestAuthority(name: "first-ca"), try await TestAuthority(name: "second-ca"))
        let stranger = try await TestAuthority(name: "stranger-ca")
        let folder = try TemporaryFolder()
        let text = Array("# a comment\n".utf8)
        let path = try folder.file("bundle.pem", text + (try first.authorityBytes()) + text + (try second.authorityBytes()))
        let bundle = try #require(TrustedBundle(path))
        let store = try #require(X509_STORE_new())
        defer { X509_STORE_free(store) }
        #expect(bundle.attach(to: store))
        for authority in [second, first] {
            let certificate = try await authority.certificate("server")
            // The second time it comes from the store, where the first left it.
            for _ in 0..<2 { #expect(try self.verdict(on: certificate, bundle, store) == X509_V_OK) }
        }
        let foreign = try await stranger.certificate("server")
        #expect(try self.verdict(on: foreign, bundle, store) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)
    }

    @Test("a file without certificates is none, and neither is one that is missing")
    func nothing() async throws {
        let authority = try await TestAuthority()
        #expect(TrustedBundle(try authority.garbage()) == nil)
        #expect(TrustedBundle(authority.missingFile) == nil)
    }

    @Test("this system's own file can be used", .enabled(if: TrustStore.bundle() != nil, "this system has no file of authorities"))
    func system() throws {
        #expect(TrustedBundle(try #require(TrustStore.bundle())) != nil)
    }

    @Test("what is no certificate has no subject, wherever it is cut or changed", arguments: 0..<4 as Range<UInt64>)
    func broken(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole: [UInt8] = [
            0x30, 0x16, 0x30, 0x14, 0xA0, 3, 2, 1, 2, 2, 1, 7, 0x30, 0, 0x30, 0, 0x30, 0, 0x30, 4, 0x31, 2, 0x30, 0,
        ]
        #expect(CertificateNames.subject(of: whole).map(Array.init) == [0x30, 4, 0x31, 2, 0x30, 0])
        for count in 0..<whole.count { #expect(CertificateNames.subject(of: Array(whole.prefix(count))) == nil) }
        for _ in 0..<5000 {
            var changed = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            // Whatever comes out lies inside.
            if let subject = CertificateNames.subject(of: changed) { #expect(subject.count <= changed.count) }
        }
    }
}
