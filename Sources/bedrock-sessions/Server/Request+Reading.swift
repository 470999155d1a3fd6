import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SessionStore

extension Request {
    /// The user whom the header `X-User-Id` names; nobody without it. Throws `.invalidUserID`.
    var caller: Caller {
        get throws(SessionStoreError) {
            guard let name = HTTPField.Name("X-User-Id"), let text = self.headers[name], !text.isEmpty else { return .anonymous }
            return .user(try UserID(text))
        }
    }

    /// The whole body. Throws a problem when it is longer than `limit`.
    func bytes(limit: Int) async throws -> [UInt8] {
        let tooLarge = Problem(.contentTooLarge, "the body has more than \(limit) bytes: send less")
        if let length = self.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        var bytes: [UInt8] = []
        for try await part in self.body {
            guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }
}

extension RequestContext {
    /// The session that the path names. Throws `.invalidSessionID`.
    var sessionID: SessionID {
        get throws(SessionStoreError) {
            try SessionID(self.parameters.get("id")?.removingPercentEncoding ?? "")
        }
    }
}
