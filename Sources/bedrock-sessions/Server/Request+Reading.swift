import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SessionStore

extension Request {
    /// The user whom the header `X-User-Id` names; nobody without it. An empty one is a caller's mistake, not nobody. Throws `.invalidUserID`.
    var caller: Caller {
        get throws(SessionStoreError) {
            guard let name = HTTPField.Name("X-User-Id"), let text = self.headers[name] else { return .anonymous }
            return .user(try UserID(text))
        }
    }

    /// How much of a body that is too long is taken all the same: a client that reads only after it has sent everything would wait for ever.
    private static let toleratedBytes = 64 << 20

    /// The whole body, which has to be called JSON: a page can send other kinds without asking. Throws a problem when it is not, or longer than `limit`.
    func jsonBytes(limit: Int) async throws -> [UInt8] {
        let type = self.headers[.contentType]?.split(separator: ";").first?.lowercased().filter { $0 != " " && $0 != "\t" }
        guard let type, type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json") else {
            throw Problem(.unsupportedMediaType, "send JSON, and say so: Content-Type: application/json")
        }
        return try await self.bytes(limit: limit)
    }

    /// The whole body. Throws a problem when it is longer than `limit`.
    func bytes(limit: Int) async throws -> [UInt8] {
        let tooLarge = Problem(.contentTooLarge, "the body has more than \(limit) bytes: send less")
        let length = self.headers[.contentLength].flatMap { Int($0) } ?? 0
        // Who asks first (Expect: 100-continue) has sent nothing yet.
        if length > Self.toleratedBytes || (length > limit && self.headers[.expect] != nil) { throw tooLarge }
        var bytes: [UInt8] = []
        var count = 0
        for try await part in self.body {
            count += part.readableBytes
            if count > Self.toleratedBytes { throw tooLarge }
            if count <= limit { bytes.append(contentsOf: part.readableBytesView) }
        }
        if count > limit { throw tooLarge }
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
