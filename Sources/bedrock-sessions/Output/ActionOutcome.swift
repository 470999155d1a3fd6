import JSON

/// What an answer of the adapter says, in either style: for whoever prints it.
struct ActionOutcome: Hashable {
    /// The word for what became of the action: `stored`, `known`, `needed`, ...
    var status: String
    /// One sentence for the model.
    var message: String
    /// The wallet, if the answer has one.
    var wallet: String?
    /// Whether neither the model nor the user can do anything about it.
    var isFailure: Bool

    /// Reads an answer's JSON; nil when it is none.
    init?(_ answer: [UInt8]) {
        guard let document = try? JSONValue(parsing: answer), let response = document["response"] else { return nil }
        let function = response["functionResponse"]
        let body = (function ?? response)["responseBody"]
        guard let text = (body?["TEXT"] ?? body?["application/json"])?["body"]?.string,
            let content = try? JSONValue(parsing: Array(text.utf8))
        else { return nil }
        self.status = content["status"]?.string ?? ""
        self.message = content["message"]?.string ?? ""
        self.wallet = content["wallet_address"]?.string
        let code = response["httpStatusCode"]?.integer ?? 200
        self.isFailure = function?["responseState"]?.string == "FAILURE" || code == 403 || code >= 500
    }
}
