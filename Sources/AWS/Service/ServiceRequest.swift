import HTTP

/// A POST to a service with a JSON protocol, before it is signed. Requests of one operation differ in few of its parts.
struct ServiceRequest: Sendable {
    static let invocationName = "amz-sdk-invocation-id"
    static let attemptName = "amz-sdk-request"

    var host: String
    var path: String
    var contentType: String
    /// Fields of the operation, `X-Amz-Target` among them.
    var fields: [(String, String)]
    /// The value of `amz-sdk-invocation-id`.
    var invocation: [UInt8]
    /// The value of `amz-sdk-request`.
    var attempt: [UInt8]
    var body: [UInt8]

    /// The fields, without those that signing adds.
    func headers(room: Int = 1024) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserve(room)
        headers.append("Host", self.host)
        headers.append("Content-Type", self.contentType)
        for (name, value) in self.fields { headers.append(name, value) }
        headers.append(Self.invocationName, bytes: self.invocation)
        headers.append(Self.attemptName, bytes: self.attempt)
        return headers
    }

    /// The fields to sign.
    func headers(with credentials: AWSCredentials, at date: SigningDate) -> HTTPHeaders {
        var headers = self.headers(room: 1024 + (credentials.sessionToken?.utf8.count ?? 0))
        headers.append("X-Amz-Date", bytes: date.text)
        if let token = credentials.sessionToken { headers.append("X-Amz-Security-Token", token) }
        return headers
    }

    /// Whether the other one differs in nothing but its body and in values of the same length.
    func hasForm(of other: ServiceRequest) -> Bool {
        guard self.fields.count == other.fields.count, self.invocation.count == other.invocation.count,
            self.attempt.count == other.attempt.count, self.host == other.host, self.path == other.path,
            self.contentType == other.contentType
        else { return false }
        for index in self.fields.indices where self.fields[index] != other.fields[index] { return false }
        return true
    }
}
