import HTTP

extension Signer {
    /// The request with its signature in the query (a presigned URL): whoever has it may send it until it ends.
    ///
    /// The date and the token move from headers into the query; all other headers are signed and have to be sent as they are here. `expires` is the
    /// validity in seconds, at most seven days (longer ones are cut). Source: IAM User Guide, "Authenticating requests: query parameters".
    package func presign(
        _ request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate, expires: Int, token: TokenPlacement = .signed
    ) throws(AWSError) -> SigningRequest {
        var result = self.presignable(request, with: credentials, at: date, expires: expires, token: token)
        let signature = try self.signature(of: result, with: credentials, at: date)
        if token == .afterSigning, let text = credentials.sessionToken {
            result.query = SignedQuery.adding("X-Amz-Security-Token", Array(text.utf8), to: result.query)
        }
        result.query = SignedQuery.adding("X-Amz-Signature", signature, to: result.query)
        return result
    }

    /// What `presign` signs: the request with all query parameters but the signature.
    func presignable(
        _ request: SigningRequest, with credentials: AWSCredentials, at date: SigningDate, expires: Int, token: TokenPlacement
    ) -> SigningRequest {
        var result = request
        for name in ["authorization", "x-amz-date", "x-amz-security-token"] { result.headers.remove(name) }
        result.query = SignedQuery.unsigned(
            request.query,
            SignedQuery.Parts(
                credential: self.credential(of: credentials, at: date), date: date,
                expires: min(max(1, expires), SignedQuery.longestValidity), signedHeaders: Self.signedHeaders(result.headers),
                token: token == .signed ? credentials.sessionToken : nil))
        return result
    }

    /// The access key with the scope, as both forms name it.
    private func credential(of credentials: AWSCredentials, at date: SigningDate) -> [UInt8] {
        let day = String(decoding: date.day, as: UTF8.self)
        return Array("\(credentials.accessKeyID)/\(day)/\(self.region)/\(self.service)/aws4_request".utf8)
    }

    /// The names of the fields that get signed: `host;x-amz-target`.
    private static func signedHeaders(_ headers: HTTPHeaders) -> [UInt8] {
        var names: Set<String> = []
        let bytes = headers.storage
        headers.forEachLine { line in
            if !FieldName.isUnsigned(bytes, line.name) {
                names.insert(String(decoding: bytes[line.name].map(FieldName.lowercased), as: UTF8.self))
            }
            return true
        }
        // In the order of their bytes, not of a language.
        return Array(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ";").utf8)
    }
}
