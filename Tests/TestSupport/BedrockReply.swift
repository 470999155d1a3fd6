package import JSON

/// An answer, read back.
package struct BedrockReply {
    package var answer: JSONValue

    /// Parses an answer's bytes.
    package init(_ bytes: [UInt8]) throws {
        self.answer = try JSONValue(parsing: bytes)
    }

    /// The parsed body, in either style.
    package var body: JSONValue? {
        let response = self.answer["response"]
        let text =
            response?["responseBody"]?["application/json"]?["body"]?.string
            ?? response?["functionResponse"]?["responseBody"]?["TEXT"]?["body"]?.string
        return text.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    }

    package var status: String? { self.body?["status"]?.string }
    package var wallet: String? { self.body?["wallet_address"]?.string }
    package var message: String { self.body?["message"]?.string ?? "" }
    package var code: Int64? { self.answer["response"]?["httpStatusCode"]?.integer }
    package var state: String? { self.answer["response"]?["functionResponse"]?["responseState"]?.string }
}
