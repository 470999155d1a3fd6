import HTTP

@testable import AWS

/// Signs a case in both forms and compares each step with what the suite says.
struct SuiteRunner {
    let one: SuiteCase
    private let signer: Signer

    init(_ one: SuiteCase) throws {
        self.one = one
        self.signer = try Signer(service: one.service, region: one.region, rules: one.rules)
    }

    /// What came out otherwise than the suite has it.
    func differences() throws -> [String] {
        var found: [String] = []
        if let expected = self.one.header { found += try self.headerForm(expected).map { "header form: \($0)" } }
        if let expected = self.one.query { found += try self.queryForm(expected).map { "query form: \($0)" } }
        return found
    }

    private func request() -> SigningRequest {
        let fields = self.one.request.fields.map { ($0.name, $0.value) }
        let body = Array(self.one.request.body.utf8)
        return SigningRequest(
            method: self.one.request.method, path: self.one.request.path, query: self.one.request.query, headers: HTTPHeaders(fields),
            payload: .bytes(self.one.body == .empty ? [] : body))
    }

    private func headerForm(_ expected: SuiteCase.Expected) throws -> [String] {
        var found: [String] = []
        var request = self.request()
        if self.one.body == .signedWithField, case .bytes(let body) = request.payload {
            request.headers.append("X-Amz-Content-Sha256", try Self.digest(body))
        }
        try self.signer.sign(&request, with: self.one.credentials, at: self.one.date, token: self.one.token)
        let authorization = request.headers["authorization"] ?? ""
        if let whole = expected.authorization, authorization != whole { found.append("authorization") }
        if let signature = expected.signature, !authorization.hasSuffix("Signature=\(signature)") { found.append("signature") }
        if let signed = expected.signedRequest {
            var mine = self.one.request
            mine.fields = request.headers.fields.map { SuiteRequest.Field(name: $0.name, value: $0.value) }
            if mine.comparableFields != signed.comparableFields { found.append("fields of the signed request") }
            if mine.query != signed.query || mine.path != signed.path { found.append("target of the signed request") }
        }
        // What was signed: without what was added afterwards.
        request.headers.remove("authorization")
        if self.one.token == .afterSigning { request.headers.remove("x-amz-security-token") }
        return found + (try self.steps(of: request, expected))
    }

    private func queryForm(_ expected: SuiteCase.Expected) throws -> [String] {
        var found: [String] = []
        let request = self.request()
        let signed = try self.signer.presign(
            request, with: self.one.credentials, at: self.one.date, expires: self.one.expires, token: self.one.token)
        if let signature = expected.signature, !signed.query.contains("X-Amz-Signature=\(signature)") { found.append("signature") }
        if let expectedRequest = expected.signedRequest {
            var mine = self.one.request
            mine.query = signed.query
            // Some editions name the token twice in this file alone.
            if mine.parameters != Set(expectedRequest.parameters).sorted() { found.append("query of the signed request") }
            if mine.path != expectedRequest.path { found.append("path of the signed request") }
        }
        let presignable = self.signer.presignable(
            request, with: self.one.credentials, at: self.one.date, expires: self.one.expires, token: self.one.token)
        return found + (try self.steps(of: presignable, expected))
    }

    private func steps(of request: SigningRequest, _ expected: SuiteCase.Expected) throws -> [String] {
        let explained = try self.signer.explain(request, at: self.one.date)
        var found: [String] = []
        if let canonical = expected.canonicalRequest, explained.canonicalRequest != canonical {
            found.append("canonical request\n\(explained.canonicalRequest)\ninstead of\n\(canonical)")
        }
        if let text = expected.stringToSign, explained.stringToSign != text { found.append("string to sign") }
        return found
    }

    private static func digest(_ body: [UInt8]) throws -> String {
        var result = [UInt8](repeating: 0, count: DigestContext.length)
        try DigestContext().hash(body, into: &result)
        return Hex.string(result)
    }
}
