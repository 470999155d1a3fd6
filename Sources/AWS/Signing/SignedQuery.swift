/// The parameters that carry a signature in a query (IAM User Guide, "Authenticating requests: query parameters").
enum SignedQuery {
    /// The longest validity that services accept, seconds: seven days.
    static let longestValidity = 604_800

    /// What is put into the query before it is signed.
    struct Parts {
        var credential: [UInt8]
        var date: SigningDate
        var expires: Int
        var signedHeaders: [UInt8]
        /// Nil: there is none, or it is added after signing.
        var token: String?
    }

    /// The query with all parameters but the signature.
    static func unsigned(_ query: String, _ parts: Parts) -> String {
        var text = Array(query.utf8)
        self.append("X-Amz-Algorithm", Array("AWS4-HMAC-SHA256".utf8), to: &text)
        self.append("X-Amz-Credential", parts.credential, to: &text)
        self.append("X-Amz-Date", parts.date.text, to: &text)
        self.append("X-Amz-Expires", Array(String(parts.expires).utf8), to: &text)
        self.append("X-Amz-SignedHeaders", parts.signedHeaders, to: &text)
        if let token = parts.token { self.append("X-Amz-Security-Token", Array(token.utf8), to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The query with one more parameter.
    static func adding(_ name: String, _ value: [UInt8], to query: String) -> String {
        var text = Array(query.utf8)
        self.append(name, value, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ name: String, _ value: [UInt8], to text: inout [UInt8]) {
        if !text.isEmpty { text.append(UInt8(ascii: "&")) }
        text.append(contentsOf: name.utf8)
        text.append(UInt8(ascii: "="))
        for byte in value { PercentEncoding.append(byte, to: &text) }
    }
}
