import JSON

/// The token of IAM Identity Center as `aws sso login` keeps it in a file, with what it takes to renew it. Source: AWS SDKs and Tools Reference Guide, "IAM
/// Identity Center credential provider", SSO token provider.
struct SSOToken: Hashable, Sendable {
    /// The bearer token.
    private(set) var accessToken: String
    /// When it ends, seconds since 1970.
    private(set) var expiration: Int64
    /// The client that logged in, and its refresh token; nil where the file has none, as that of a legacy login.
    private(set) var registration: Registration?
    /// The whole file: members of other programs stay in it.
    private(set) var document: JSONValue

    /// What a renewal is asked for with.
    struct Registration: Hashable, Sendable {
        var clientID: String
        var clientSecret: String
        var refreshToken: String
        /// When the client's own registration ends, seconds since 1970.
        var expiration: Int64
    }

    /// Nil for what is no such file.
    init?(_ text: String) {
        guard let document = try? JSONValue(parsing: Array(text.utf8)), let token = document["accessToken"]?.string,
            let expiration = document["expiresAt"]?.string.flatMap(InstantText.seconds), Self.isToken(token)
        else { return nil }
        self.accessToken = token
        self.expiration = expiration
        self.document = document
        if let id = document["clientId"]?.string, let secret = document["clientSecret"]?.string,
            let refresh = document["refreshToken"]?.string,
            let end = document["registrationExpiresAt"]?.string.flatMap(InstantText.seconds), !refresh.isEmpty
        {
            self.registration = Registration(clientID: id, clientSecret: secret, refreshToken: refresh, expiration: end)
        }
    }

    /// The request that renews it; nil where that is not possible, or no longer.
    func renewal(now: Int64) -> [UInt8]? {
        guard let registration, registration.expiration > now else { return nil }
        let request: JSONValue = [
            "grantType": "refresh_token", "clientId": .string(registration.clientID), "clientSecret": .string(registration.clientSecret),
            "refreshToken": .string(registration.refreshToken),
        ]
        return request.encoded
    }

    /// The token that an answer to `renewal` brings; nil for an answer without one.
    func renewed(by answer: [UInt8], now: Int64) -> SSOToken? {
        guard let answer = try? JSONValue(parsing: answer), let token = answer["accessToken"]?.string,
            let seconds = answer["expiresIn"]?.integer, Self.isToken(token), (1...Self.longest).contains(seconds)
        else { return nil }
        var renewed = self
        renewed.accessToken = token
        renewed.expiration = now + seconds
        renewed.document["accessToken"] = .string(token)
        renewed.document["expiresAt"] = .string(InstantText.text(seconds: renewed.expiration))
        // Each is good for one renewal where the answer brings another.
        if let refresh = answer["refreshToken"]?.string, !refresh.isEmpty {
            renewed.registration?.refreshToken = refresh
            renewed.document["refreshToken"] = .string(refresh)
        }
        return renewed
    }

    /// Ten years in seconds: no token lives as long.
    private static let longest: Int64 = 315_360_000

    /// It becomes a header field.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}
