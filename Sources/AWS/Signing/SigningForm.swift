import HTTP

/// A request that is signed again and again with other values of the same length: another body, date and invocation.
///
/// It is made of one that was signed in the ordinary way. What changes is written over what was there, in the fields, in the canonical form and in the
/// string to sign (DESIGN section 2): of a signature only the hashing is left.
struct SigningForm {
    /// Where values stand that change.
    private struct Places {
        var date: Int
        var invocation: Int
        var attempt: Int
    }

    private let request: ServiceRequest
    private let accessKeyID: String
    private let sessionToken: String?
    private var headers: HTTPHeaders
    private var canonical: [UInt8]
    private var stringToSign: [UInt8]
    private var signature = [UInt8](repeating: 0, count: 2 * DigestContext.length)
    private let inHeaders: Places
    private let inCanonical: Places
    /// Of the day and of the signature, in the headers.
    private let day: Int
    private let end: Int

    /// The form of a signed request; nil if a field that changes is not there exactly once, and then each such request is signed in the ordinary way.
    init?(_ request: ServiceRequest, _ credentials: AWSCredentials, headers: HTTPHeaders, canonical: [UInt8], stringToSign: [UInt8]) {
        guard let inHeaders = Self.places({ Self.place(of: $0, in: headers) }),
            let inCanonical = Self.places({ Self.place(of: $0, in: canonical) }),
            let authorization = headers.place(of: "authorization")
        else { return nil }
        self.request = request
        self.accessKeyID = credentials.accessKeyID
        self.sessionToken = credentials.sessionToken
        self.headers = headers
        self.canonical = canonical
        self.stringToSign = stringToSign
        self.inHeaders = inHeaders
        self.inCanonical = inCanonical
        self.day = authorization.lowerBound + "AWS4-HMAC-SHA256 Credential=".utf8.count + credentials.accessKeyID.utf8.count + 1
        self.end = authorization.upperBound
    }

    /// Whether that request differs from this one in nothing but what is written anew.
    func fits(_ request: ServiceRequest, _ credentials: AWSCredentials) -> Bool {
        self.request.hasForm(of: request) && self.accessKeyID == credentials.accessKeyID && self.sessionToken == credentials.sessionToken
    }

    /// The fields of the request, signed with the key that `mac` has.
    mutating func sign(
        _ request: ServiceRequest, at date: SigningDate, digest: borrowing DigestContext, mac: borrowing MACContext, scratch: inout [UInt8]
    ) throws(AWSError) -> HTTPHeaders {
        try digest.hash(request.body, into: &scratch)
        Self.write(request, date, over: &self.canonical, at: self.inCanonical)
        Hex.write(scratch, over: &self.canonical, at: self.canonical.count - 2 * DigestContext.length)
        try digest.hash(self.canonical, into: &scratch)
        // "AWS4-HMAC-SHA256", the date, the scope that begins with the day, the digest: a line each.
        self.stringToSign.overwrite(at: 17, with: date.text)
        self.stringToSign.overwrite(at: 34, with: date.day)
        Hex.write(scratch, over: &self.stringToSign, at: self.stringToSign.count - 2 * DigestContext.length)
        try mac.authenticate(self.stringToSign, into: &scratch)
        Hex.write(scratch, over: &self.signature, at: 0)
        self.headers.rewrite { lines in
            Self.write(request, date, over: &lines, at: self.inHeaders)
            lines.overwrite(at: self.day, with: date.day)
            lines.overwrite(at: self.end - 2 * DigestContext.length, with: self.signature[...])
        }
        return self.headers
    }

    private static func write(_ request: ServiceRequest, _ date: SigningDate, over text: inout [UInt8], at places: Places) {
        text.overwrite(at: places.date, with: date.text)
        text.overwrite(at: places.invocation, with: request.invocation)
        text.overwrite(at: places.attempt, with: request.attempt)
    }

    private static func places(_ place: (String) -> Int?) -> Places? {
        guard let date = place("x-amz-date"), let invocation = place(ServiceRequest.invocationName),
            let attempt = place(ServiceRequest.attemptName)
        else { return nil }
        return Places(date: date, invocation: invocation, attempt: attempt)
    }

    private static func place(of name: String, in headers: HTTPHeaders) -> Int? {
        headers.place(of: name)?.lowerBound
    }

    /// Where the value of a field begins in a canonical form: no value contains a line's end. Nil unless it is there once.
    private static func place(of name: String, in canonical: [UInt8]) -> Int? {
        let start = Array("\n\(name):".utf8)
        let places = canonical.indices.filter { canonical[$0...].starts(with: start) }
        return places.count == 1 ? places[0] + start.count : nil
    }
}

extension [UInt8] {
    /// Writes bytes over what is there; what would go beyond the end is left out.
    mutating func overwrite(at place: Int, with bytes: ArraySlice<UInt8>) {
        let count = Swift.min(bytes.count, self.count - place)
        guard place >= 0, count > 0 else { return }
        unsafe self.withUnsafeMutableBytes { text in
            unsafe bytes.withUnsafeBytes { bytes in
                // In bounds of both by `count`.
                unsafe UnsafeMutableRawBufferPointer(rebasing: text[place...]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
        }
    }

    mutating func overwrite(at place: Int, with bytes: [UInt8]) {
        self.overwrite(at: place, with: bytes[...])
    }
}
