import HTTPTypes
import Hummingbird
import JSON
import SessionStore

/// An error as an HTTP answer.
///
/// Source: RFC 9457, "Problem Details for HTTP APIs". `code` is a word from a bounded set, `detail` says what to do; neither holds ids or values.
struct Problem: Error {
    var status: HTTPResponse.Status
    var code: String
    var detail: String
    /// Anything else that whoever asked needs for a decision.
    var details: JSONValue?
    /// Members of its own (RFC 9457, section 3.2).
    var members: [JSONValue.Member] = []
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, code: String? = nil, _ detail: String, details: JSONValue? = nil) {
        self.status = status
        self.code = code ?? Self.words[status.code] ?? "failed"
        self.detail = detail
        self.details = details
    }

    /// The session is not there.
    static var noSession: Problem { Problem(.notFound, "there is no such session") }
    /// A body without a wallet.
    static var noWalletGiven: Problem {
        Problem(.badRequest, #"the body is a JSON object with the wallet: send {"wallet_address": "0x..."}"#)
    }

    private static let words = [
        400: "invalid", 401: "noToken", 403: "notAllowed", 404: "notFound", 405: "methodNotAllowed", 409: "conflict", 413: "tooLarge",
        415: "notJSON",
    ]

    /// The answer.
    var response: Response {
        var members = [
            JSONValue.Member("type", "about:blank"),
            JSONValue.Member("title", .string(self.status.reasonPhrase)),
            JSONValue.Member("status", .number(String(self.status.code))),
            JSONValue.Member("code", .string(self.code)),
            JSONValue.Member("detail", .string(self.detail)),
        ]
        if let details = self.details { members.append(JSONValue.Member("wallets", details)) }
        members += self.members
        var response = Response.json(JSONValue.object(members).encoded, status: self.status, type: "application/problem+json")
        for field in self.headers { response.headers.append(field) }
        return response
    }
}

extension Problem {
    /// What a store refused. Nothing but the table's own word becomes a 404: an outage is a 503.
    init(_ error: SessionStoreError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .invalidSessionID, .invalidUserID, .invalidWallet, .invalidValue: .badRequest
            case .tooLarge: .contentTooLarge
            case .notOwner: .forbidden
            case .conflict: .conflict
            case .deadlineExceeded: .gatewayTimeout
            case .unavailable, .throttled, .overloaded, .outcomeUnknown, .tableMissing, .accessDenied: .serviceUnavailable
            case .cancelled, .closed: .serviceUnavailable
            default: .internalServerError
            }
        let detail =
            error.code == .notOwner ? "this session belongs to a user: name that user in the header X-User-Id" : error.message
        self.init(status, code: error.code.label, detail)
        if error.isTransient, let name = HTTPField.Name("Retry-After") { self.headers[name] = "1" }
    }
}
