/// One operation of a service with a JSON protocol: what of its request differs from the last one.
package struct AWSCall: Sendable {
    /// The value of `X-Amz-Target`; nil where the service's protocol has none.
    package var target: String?
    /// `application/x-amz-json-1.0` for DynamoDB.
    package var contentType: String
    /// The request's JSON.
    package var body: [UInt8]
    /// Whether the request may be sent again after a 5xx or a lost answer, when a server may have executed it. False for UpdateItem: there the
    /// caller finds out first.
    package var retryAfterSent: Bool
    /// Whether it needs credentials. Only what fetches credentials does not.
    package var isSigned = true

    /// A call with these parts.
    package init(target: String?, contentType: String, body: [UInt8], retryAfterSent: Bool) {
        self.target = target
        self.contentType = contentType
        self.body = body
        self.retryAfterSent = retryAfterSent
    }

    /// An operation of a JSON service: `target` is `DynamoDB_20120810.GetItem`.
    package init(target: String, body: [UInt8], retryAfterSent: Bool) {
        self.init(target: target, contentType: "application/x-amz-json-1.0", body: body, retryAfterSent: retryAfterSent)
    }
}
