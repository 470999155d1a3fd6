import HTTP

/// A request that is signed again and again with other values of the same length: another body, date and invocation.
///
/// It is made of one that was signed in the ordinary way. What changes is written over what was there (DESIGN section 2), and what does not change is not
/// hashed again: within a second the canonical form differs in its last line, the body's digest, and the string to sign in its last line, so that two
/// digests are kept that have taken in what comes before. Not shared: whoever holds it holds a lock.
final class SigningForm {
    private let request: ServiceRequest
    private let accessKeyID: String
    private let sessionToken: String?
    private var headers: HTTPHeaders
    /// Without the body's digest, which ends it.
    private var canonical: [UInt8]
    /// Without the digest that ends it.
    private var stringToSign: [UInt8]
    /// Has taken in `canonical`.
    private let canonicalStart: DigestContext
    /// Has taken in `stringToSign`, for the key's code.
    private let stringStart: DigestContext
    /// What both were made for.
    private var made: (date: Int64, key: Int)?
    /// The time in the attempt's field.
    private var ttl: Int64?
    private var digits = [UInt8](repeating: 0, count: 2 * DigestContext.length)
    private let places: Places
    private let canonicalDate: Int

    /// Where in the fields values stand that change.
    private struct Places {
        var date: Int
        var invocation: Int
        var ttl: Int
        /// In `Authorization`.
        var day: Int
        var signature: Int
    }

    /// The form of a signed request; nil if a field that changes is not there exactly once, and then each such request is signed in the ordinary way.
    init?(
        _ request: ServiceRequest, _ credentials: AWSCredentials, headers: HTTPHeaders, canonical: [UInt8], stringToSign: [UInt8]
    ) throws(AWSError) {
        guard let date = headers.place(of: "x-amz-date"), let invocation = headers.place(of: Invocation.idName),
            let attempt = headers.place(of: Invocation.attemptName), let authorization = headers.place(of: "authorization"),
            let canonicalDate = Self.place(of: "x-amz-date", in: canonical)
        else { return nil }
        let scope = "AWS4-HMAC-SHA256 Credential=".utf8.count + credentials.accessKeyID.utf8.count + 1
        self.places = Places(
            date: date.lowerBound, invocation: invocation.lowerBound, ttl: attempt.lowerBound + "ttl=".utf8.count,
            day: authorization.lowerBound + scope, signature: authorization.upperBound - 2 * DigestContext.length)
        self.canonicalDate = canonicalDate
        self.request = request
        self.accessKeyID = credentials.accessKeyID
        self.sessionToken = credentials.sessionToken
        self.headers = headers
        self.canonical = Array(canonical.dropLast(2 * DigestContext.length))
        self.stringToSign = Array(stringToSign.dropLast(2 * DigestContext.length))
        self.canonicalStart = try DigestContext()
        self.stringStart = try DigestContext()
    }

    /// Whether that request differs from this one in nothing but what is written anew.
    func fits(_ request: ServiceRequest, _ credentials: AWSCredentials) -> Bool {
        self.request.hasForm(of: request) && self.accessKeyID == credentials.accessKeyID && self.sessionToken == credentials.sessionToken
    }

    /// The fields of the request, signed with the key that `mac` has, whose number is `key`.
    func sign(
        _ request: ServiceRequest, at date: SigningDate, digest: borrowing DigestContext, mac: borrowing MACContext, key: Int,
        scratch: inout [UInt8]
    ) throws(AWSError) -> HTTPHeaders {
        if self.made?.date != date.seconds || self.made?.key != key { try self.begin(at: date, mac, key) }
        try digest.hash(request.body, into: &scratch)
        Hex.write(scratch, over: &self.digits, at: 0)
        try digest.start(from: self.canonicalStart)
        try digest.add(self.digits)
        try digest.finish(into: &scratch)
        Hex.write(scratch, over: &self.digits, at: 0)
        try digest.start(from: self.stringStart)
        try digest.add(self.digits)
        try mac.finish(digest, into: &scratch)
        let ttl = request.ttl == self.ttl ? nil : SigningDate(seconds: request.ttl)
        self.ttl = request.ttl
        self.headers.rewrite { [places] lines in
            if let ttl { lines.overwrite(at: places.ttl, with: ttl.text) }
            request.invocation.write(over: &lines, at: places.invocation)
            Hex.write(scratch, over: &lines, at: places.signature)
        }
        return self.headers
    }

    /// Takes in what stays the same for a second.
    private func begin(at date: SigningDate, _ mac: borrowing MACContext, _ key: Int) throws(AWSError) {
        self.made = nil
        self.canonical.overwrite(at: self.canonicalDate, with: date.text)
        // "AWS4-HMAC-SHA256", the date, the scope that begins with the day: a line each.
        self.stringToSign.overwrite(at: 17, with: date.text)
        self.stringToSign.overwrite(at: 34, with: date.day)
        self.headers.rewrite { [places] lines in
            lines.overwrite(at: places.date, with: date.text)
            lines.overwrite(at: places.day, with: date.day)
        }
        try self.canonicalStart.start()
        try self.canonicalStart.add(self.canonical)
        try mac.start(self.stringStart)
        try self.stringStart.add(self.stringToSign)
        self.made = (date.seconds, key)
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
