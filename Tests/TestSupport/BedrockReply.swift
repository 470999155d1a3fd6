package import JSON

/// An answer, read back.
package struct BedrockReply {
    package var answer: JSONValue

    /// Parses an answer's bytes.
    package init(_ bytes: [UInt8]) throws {
        self.answer = try JSONValue(parsing: bytes)
    }

    /// The parsed body, in either style.
    package var body: JSONValue? { try? JSONValue(parsing: Array(self.bodyText.utf8)) }

    /// The body as it is, in either style and content type.
    package var bodyText: String {
        let response = self.answer["response"]
        let bodies = response?["responseBody"] ?? response?["functionResponse"]?["responseBody"]
        return bodies?.members?.first?.value["body"]?.string ?? ""
    }

    package var status: String? { self.body?["status"]?.string }
    package var wallet: String? { self.body?["wallet_address"]?.string }
    package var message: String { self.body?["message"]?.string ?? "" }
    package var code: Int64? { self.answer["response"]?["httpStatusCode"]?.integer }
    package var state: String? { self.answer["response"]?["functionResponse"]?["responseState"]?.string }
}
