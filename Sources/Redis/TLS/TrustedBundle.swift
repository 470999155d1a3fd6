internal import COpenSSL

/// The system's file of authorities, of which a chain's own are made certificates when they are asked for.
///
/// Parsing all 140 takes OpenSSL 3.0 55 ms, four times what a Lambda's whole start may; taking the file apart takes one.
@safe
final class TrustedBundle {
    private struct Entry {
        var subject: ArraySlice<UInt8>
        var certificate: [UInt8]
    }

    private let method: OpaquePointer
    private var entries: [Entry] = []
    /// Certificates that were asked for: a reference of each is ours, so that OpenSSL may borrow it.
    private var known: [OpaquePointer] = unsafe []

    /// Reads the file; `nil` if it holds no certificate.
    init?(_ path: String) {
        guard let method = unsafe X509_LOOKUP_meth_new("bundle") else { return nil }
        unsafe self.method = method
        self.read(path)
        TLSErrors.clear()
        if self.entries.isEmpty { return nil }
        unsafe X509_LOOKUP_meth_set_get_by_subject(method) { lookup, type, name, result in
            guard type == X509_LU_X509, let data = unsafe X509_LOOKUP_get_method_data(lookup) else { return 0 }
            let bundle = unsafe Unmanaged<TrustedBundle>.fromOpaque(data).takeUnretainedValue()
            return unsafe bundle.find(name, for: X509_LOOKUP_get_store(lookup), result) ? 1 : 0
        }
    }

    deinit {
        while let certificate = unsafe self.known.popLast() { unsafe X509_free(certificate) }
        unsafe X509_LOOKUP_meth_free(self.method)
    }

    /// Has `store` look here, as long as both live.
    func attach(to store: OpaquePointer) -> Bool {
        guard let lookup = unsafe X509_STORE_add_lookup(store, self.method) else { return false }
        return unsafe X509_LOOKUP_set_method_data(lookup, Unmanaged.passUnretained(self).toOpaque()) == 1
    }

    private func read(_ path: String) {
        guard let file = unsafe BIO_new_file(path, "r") else { return }
        defer { unsafe BIO_free(file) }
        while true {
            var (name, header) = unsafe (UnsafeMutablePointer<CChar>?.none, UnsafeMutablePointer<CChar>?.none)
            var bytes: UnsafeMutablePointer<UInt8>?
            var count = 0
            // PEM_read_bio(3): 1 for each block, whose three parts are the caller's to free; 0 at the end.
            guard unsafe PEM_read_bio(file, &name, &header, &bytes, &count) == 1 else { return }
            if let bytes = unsafe bytes, let name = unsafe name, unsafe String(cString: name) == "CERTIFICATE" {
                let certificate = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
                if let subject = CertificateNames.subject(of: certificate) {
                    self.entries.append(Entry(subject: subject, certificate: certificate))
                }
            }
            unsafe CRYPTO_free(name, #file, #line)
            unsafe CRYPTO_free(header, #file, #line)
            unsafe CRYPTO_free(bytes, #file, #line)
        }
    }

    /// Puts the certificates of this subject into the store, and lends the first to `result`, as OpenSSL's own lookups do: X509_OBJECT_free is never
    /// called on it.
    private func find(_ name: OpaquePointer?, for store: OpaquePointer?, _ result: OpaquePointer?) -> Bool {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        guard unsafe X509_NAME_get0_der(name, &bytes, &count) == 1 else { return false }
        let wanted = unsafe UnsafeBufferPointer(start: bytes, count: count)
        var isFound = false
        for entry in self.entries where unsafe entry.subject.elementsEqual(wanted) {
            let certificate = unsafe entry.certificate.withUnsafeBufferPointer { der in
                var start = der.baseAddress
                return unsafe d2i_X509(nil, &start, der.count)
            }
            guard let certificate = unsafe certificate else { continue }
            unsafe self.known.append(certificate)
            unsafe X509_STORE_add_cert(store, certificate)
            if !isFound, unsafe X509_OBJECT_set1_X509(result, certificate) == 1 {
                // The reference that this took would never be given back; ours lasts.
                unsafe X509_free(certificate)
                isFound = true
            }
        }
        return isFound
    }
}

/// Where a certificate (RFC 5280, section 4.1) has its names.
enum CertificateNames {
    /// The subject with its tag; `nil` for what is no certificate.
    static func subject(of certificate: [UInt8]) -> ArraySlice<UInt8>? {
        var rest = certificate[...]
        for tag: UInt8 in [0x30, 0x30] {
            guard let outer = self.take(&rest), outer.tag == tag else { return nil }
            rest = outer.content
        }
        // A version comes first, unless it is 1; then serial number, algorithm, issuer, validity.
        if rest.first == 0xA0, self.take(&rest) == nil { return nil }
        for _ in 0..<4 where self.take(&rest) == nil { return nil }
        guard let subject = self.take(&rest), subject.tag == 0x30 else { return nil }
        return certificate[subject.start..<subject.content.endIndex]
    }

    /// Takes one value of DER: tag, length, content.
    private static func take(_ rest: inout ArraySlice<UInt8>) -> (start: Int, tag: UInt8, content: ArraySlice<UInt8>)? {
        let start = rest.startIndex
        guard let tag = rest.popFirst(), let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            guard (0x81...0x83).contains(first), rest.count >= Int(first & 0x7F) else { return nil }
            length = rest.prefix(Int(first & 0x7F)).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(Int(first & 0x7F))
        }
        guard length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (start, tag, rest.prefix(length))
    }
}
