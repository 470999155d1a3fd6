import Foundation

/// A certificate authority that lives as long as a test, and certificates of its, made by the openssl command.
package final class TestAuthority: Sendable {
    private let folder: TemporaryFolder

    /// Whether tests with certificates are to run: openssl is installed, or this is CI, where a missing one is a failure.
    package static var isAvailable: Bool { TestEnvironment.expects("openssl") }

    /// What a skipped test says.
    package static let skipReason = "the openssl command is not installed"

    /// Makes the authority, under this name.
    package init(name: String = "test-ca") async throws {
        self.folder = try TemporaryFolder()
        try await self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=\(name)"]
                + ["-keyout", "ca.key", "-out", "ca.pem"])
    }

    /// Its own certificate.
    package var file: String { self.folder.file("ca.pem") }
    /// What its certificate's file holds.
    package func authorityBytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: self.file))) }
    /// A path where nothing is.
    package var missingFile: String { self.folder.file("missing.pem") }
    /// A file that is no PEM file.
    package func garbage() throws -> String { try self.folder.file("garbage.pem", Array("not a certificate\n".utf8)) }

    /// A certificate and its key, as files.
    package struct Certificate: Sendable {
        package var file: String
        package var key: String
    }

    /// Makes a certificate.
    ///
    /// - Parameters:
    ///   - name: The name of its files and of its subject.
    ///   - hosts: What it is for: `DNS:name` or `IP:address`, with commas.
    ///   - days: How long it is valid; it ended yesterday if that is less than zero.
    ///   - passphrase: Under which the key is kept; nil: it lies open.
    package func certificate(
        _ name: String, for hosts: String = "IP:127.0.0.1,DNS:localhost", days: Int = 2, passphrase: String? = nil
    ) async throws -> Certificate {
        let (key, request, file) = ("\(name).key", "\(name).csr", "\(name).pem")
        _ = try self.folder.file("\(name).ext", Array("subjectAltName=\(hosts)\n".utf8))
        try await self.openssl(
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=\(name)", "-keyout", key, "-out", request]
                + (passphrase.map { ["-passout", "pass:\($0)"] } ?? ["-nodes"]))
        try await self.openssl(
            ["x509", "-req", "-in", request, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "\(days)"]
                + ["-extfile", "\(name).ext", "-out", file])
        return Certificate(file: self.folder.file(file), key: self.folder.file(key))
    }

    private func openssl(_ arguments: [String]) async throws {
        let made = try await ChildProcess.run(["openssl"] + arguments, directory: self.folder.path)
        guard made.end == .exit(code: 0) else { throw ChildProcess.LaunchError("openssl failed: \(made.output)") }
    }
}

extension RedisServer {
    /// The options of a redis-server that speaks TLS with this certificate.
    ///
    /// - Parameter clients: Whether clients have to show a certificate of the authority: `no`, `optional` or `yes`.
    package static func options(_ certificate: TestAuthority.Certificate, _ authority: TestAuthority, clients: String = "no") -> [String] {
        ["--tls-cert-file", certificate.file, "--tls-key-file", certificate.key, "--tls-ca-cert-file", authority.file]
            + ["--tls-auth-clients", clients]
    }
}
