import HTTP

/// The parts of a signer that are kept between signatures. Not shared: whoever holds it holds a lock.
final class SigningState {
    private let service: String
    private let region: String
    private let rules: SigningRules
    private let digest: DigestContext
    private let mac: MACContext
    private var key: SigningKey?
    /// How many keys there were: tells one from the next.
    private var keyNumber = 0
    /// The date of the last request: there are many in a second.
    private var date = SigningDate(seconds: 0)
    private var canonical = CanonicalRequest()
    private var stringToSign: [UInt8] = []
    private var payload: [UInt8] = []
    /// Of the operations that were called last, the latest first.
    private var forms: [SigningForm] = []
    private static let maximumForms = 8
    private var scratch = [UInt8](repeating: 0, count: DigestContext.length)

    init(service: String, region: String, rules: SigningRules) throws(AWSError) {
        self.service = service
        self.region = region
        self.rules = rules
        self.digest = try DigestContext()
        self.mac = try MACContext()
    }

    func authorization(
        of request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate
    ) throws(AWSError) -> [UInt8] {
        try self.sign(request, with: credentials, at: date)
        var value: [UInt8] = []
        value.reserveCapacity(256 + credentials.accessKeyID.utf8.count + self.canonical.signedHeaders.count)
        value.append(contentsOf: "AWS4-HMAC-SHA256 Credential=".utf8)
        value.append(contentsOf: credentials.accessKeyID.utf8)
        value.append(UInt8(ascii: "/"))
        self.appendScope(date, to: &value)
        value.append(contentsOf: ", SignedHeaders=".utf8)
        value.append(contentsOf: self.canonical.signedHeaders)
        value.append(contentsOf: ", Signature=".utf8)
        Hex.append(self.scratch, to: &value)
        return value
    }

    /// The fields of a service's request with its signature: by its form, or in the ordinary way where it is the first of its form.
    func headers(of request: ServiceRequest, with credentials: AWSCredentials, at seconds: Int64) throws(AWSError) -> HTTPHeaders {
        if seconds != self.date.seconds { self.date = SigningDate(seconds: seconds) }
        let date = self.date
        if let form = self.forms.first(where: { $0.fits(request, credentials) }) {
            try self.useKey(of: date, credentials)
            return try form.sign(request, at: date, digest: self.digest, mac: self.mac, key: self.keyNumber, scratch: &self.scratch)
        }
        var headers = request.headers(with: credentials, at: date)
        let signing = SigningRequest(method: "POST", path: request.path, headers: headers, payload: .bytes(request.body))
        headers.append("Authorization", bytes: try self.authorization(of: signing, with: credentials, at: date))
        let (canonical, stringToSign) = (self.canonical.text, self.stringToSign)
        if let form = try SigningForm(request, credentials, headers: headers, canonical: canonical, stringToSign: stringToSign) {
            if self.forms.count == Self.maximumForms { self.forms.removeLast() }
            self.forms.insert(form, at: 0)
        }
        return headers
    }

    /// The signature alone, in hexadecimal digits.
    func signature(of request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate) throws(AWSError) -> [UInt8] {
        try self.sign(request, with: credentials, at: date)
        var value: [UInt8] = []
        Hex.append(self.scratch, to: &value)
        return value
    }

    func explain(
        _ request: SigningRequest, at date: SigningDate
    ) throws(AWSError) -> (canonicalRequest: String, stringToSign: String) {
        try self.prepare(request, at: date)
        return (String(decoding: self.canonical.text, as: UTF8.self), String(decoding: self.stringToSign, as: UTF8.self))
    }

    /// Steps 1 and 2: leaves the canonical form and the string to sign in their buffers.
    private func prepare(_ request: SigningRequest, at date: SigningDate) throws(AWSError) {
        self.payload.removeAll(keepingCapacity: true)
        switch request.payload {
        case .bytes(let body):
            try self.digest.hash(body, into: &self.scratch)
            Hex.append(self.scratch, to: &self.payload)
        case .digest(let text):
            self.payload.append(contentsOf: text.utf8)
        }
        self.canonical.build(request, payload: self.payload, rules: self.rules)
        try self.digest.hash(self.canonical.text, into: &self.scratch)
        self.stringToSign.removeAll(keepingCapacity: true)
        self.stringToSign.append(contentsOf: "AWS4-HMAC-SHA256\n".utf8)
        self.stringToSign.append(contentsOf: date.text)
        self.stringToSign.append(0x0a)
        self.appendScope(date, to: &self.stringToSign)
        self.stringToSign.append(0x0a)
        Hex.append(self.scratch, to: &self.stringToSign)
    }

    /// All steps; the signature is in `scratch`.
    private func sign(_ request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate) throws(AWSError) {
        try self.prepare(request, at: date)
        try self.useKey(of: date, credentials)
        try self.mac.authenticate(self.stringToSign, into: &self.scratch)
    }

    private func useKey(of date: SigningDate, _ credentials: AWSCredentials) throws(AWSError) {
        if let key = self.key, key.isFor(day: date.day, credentials: credentials) { return }
        // Deriving re-keys the context: forget the old key first, should that fail half way.
        self.key = nil
        let key = try SigningKey(day: date.day, region: self.region, service: self.service, credentials: credentials, mac: self.mac)
        try self.mac.setKey(key.bytes)
        self.keyNumber += 1
        self.key = key
    }

    private func appendScope(_ date: SigningDate, to text: inout [UInt8]) {
        text.append(contentsOf: date.day)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: self.region.utf8)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: self.service.utf8)
        text.append(contentsOf: "/aws4_request".utf8)
    }
}
