import HTTP

/// A POST to a service with a JSON protocol, before it is signed. Requests of one operation differ in few of its parts.
struct ServiceRequest: Sendable {
    var host: String
    var path: String
    var contentType: String
    /// The value of `X-Amz-Target`, where the protocol has one.
    var target: String?
    var invocation: Invocation
    /// Which attempt of the invocation it is.
    var attempt: Int
    /// Until when its answer is waited for, seconds since 1970.
    var ttl: Int64
    var body: [UInt8]

    /// The fields, without those that signing adds.
    func headers(room: Int = 1024) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserve(room)
        headers.append("Host", self.host)
        headers.append("Content-Type", self.contentType)
        if let target = self.target { headers.append("X-Amz-Target", target) }
        headers.append(Invocation.idName, bytes: self.invocation.id)
        headers.append(Invocation.attemptName, bytes: self.invocation.request(attempt: self.attempt, ttl: SigningDate(seconds: self.ttl)))
        return headers
    }

    /// The fields to sign.
    func headers(with credentials: AWSCredentials, at date: SigningDate) -> HTTPHeaders {
        var headers = self.headers(room: 1024 + (credentials.sessionToken?.utf8.count ?? 0))
        headers.append("X-Amz-Date", bytes: date.text)
        if let token = credentials.sessionToken { headers.append("X-Amz-Security-Token", token) }
        return headers
    }

    /// Whether the other one differs in nothing but its body, its time and the digits of its invocation.
    func hasForm(of other: ServiceRequest) -> Bool {
        self.attempt == other.attempt && self.invocation.maxAttempts == other.invocation.maxAttempts && self.target == other.target
            && self.host == other.host && self.path == other.path && self.contentType == other.contentType
    }
}
