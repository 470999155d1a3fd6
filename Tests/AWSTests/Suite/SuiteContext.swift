import Foundation

@testable import AWS

/// `context.json`: what a case of the newer layout is signed with.
struct Context: Decodable {
    private struct Credentials: Decodable {
        var access_key_id: String
        var secret_access_key: String
        var token: String?
    }

    private var keys: Credentials
    private var timestamp: String
    let region: String
    let service: String
    let normalizes: Bool
    let encodes: Bool
    let signsBody: Bool
    let expires: Int
    let omitsToken: Bool

    private enum Key: String, CodingKey {
        case credentials, timestamp, region, service, normalize, double_uri_encode, sign_body, expiration_in_seconds, omit_session_token
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.keys = try values.decode(Credentials.self, forKey: .credentials)
        self.timestamp = try values.decode(String.self, forKey: .timestamp)
        self.region = try values.decode(String.self, forKey: .region)
        self.service = try values.decode(String.self, forKey: .service)
        self.normalizes = try values.decodeIfPresent(Bool.self, forKey: .normalize) ?? true
        self.encodes = try values.decodeIfPresent(Bool.self, forKey: .double_uri_encode) ?? true
        self.signsBody = try values.decodeIfPresent(Bool.self, forKey: .sign_body) ?? false
        self.expires = try values.decodeIfPresent(Int.self, forKey: .expiration_in_seconds) ?? 3600
        self.omitsToken = try values.decodeIfPresent(Bool.self, forKey: .omit_session_token) ?? false
    }

    /// Nil if there is no such file.
    init?(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        self = try JSONDecoder().decode(Context.self, from: data)
        guard ISO8601DateFormatter().date(from: self.timestamp) != nil else { throw SuiteReader.Unreadable(file: path) }
    }

    var credentials: AWSCredentials {
        AWSCredentials(
            accessKeyID: self.keys.access_key_id, secretAccessKey: self.keys.secret_access_key, sessionToken: self.keys.token)
    }

    var date: SigningDate {
        SigningDate(seconds: Int64(ISO8601DateFormatter().date(from: self.timestamp)?.timeIntervalSince1970 ?? 0))
    }
}

/// What a case of the older layout is signed with: it is in the string to sign, but for the secret, which is that of all of AWS's examples.
struct ClassicScope {
    let credentials: AWSCredentials
    let date: SigningDate
    let region: String
    let service: String

    init?(stringToSign: String, authorization: String) {
        let lines = stringToSign.split(separator: "\n")
        guard lines.count == 4, let date = Self.date(String(lines[1])),
            let id = authorization.split(separator: "Credential=").last?.split(separator: "/").first
        else { return nil }
        let scope = lines[2].split(separator: "/").map(String.init)
        guard scope.count == 4 else { return nil }
        self.credentials = AWSCredentials(accessKeyID: String(id), secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        self.date = date
        (self.region, self.service) = (scope[1], scope[2])
    }

    private static func date(_ text: String) -> SigningDate? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        return format.date(from: text).map { SigningDate(seconds: Int64($0.timeIntervalSince1970)) }
    }
}
