import SessionStore

extension CallKey {
    /// The name of a call: the same for an event that is delivered again, another one for any other event.
    ///
    /// Its parts are the session, the user, the action group, the operation, a digest of what the user said, and the call as it would be sent, in which values
    /// have one spelling. Each part has its length in front, so that no two lists of parts are the same bytes.
    init(_ call: UpstreamRequest, of request: ActionRequest, as caller: Caller) {
        var parts: [[UInt8]] = [
            request.sessionID.rawValue, caller.userID?.rawValue ?? "", request.actionGroup, request.operation.name, call.method.rawValue,
            call.path, call.query ?? "", call.body?.contentType ?? "",
        ].map { Array($0.utf8) }
        parts.append(SHA256.digest(Array((request.inputText ?? "").utf8)))
        parts.append(SHA256.digest(call.body?.bytes ?? []))
        parts += call.headers.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] }
        var message = Array("bedrock-sessions call 1".utf8)
        for part in parts {
            message += (0..<8).map { UInt8(truncatingIfNeeded: part.count >> (56 - 8 * $0)) }
            message += part
        }
        self.init(digest: SHA256.digest(message))
    }
}
