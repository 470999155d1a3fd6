import HTTPTypes
import Hummingbird
import NIOCore
import SessionStore

extension Response {
    /// A JSON document. It is about one user: nobody on the way may keep it.
    static func json(
        _ document: [UInt8], status: HTTPResponse.Status = .ok, type: String = "application/json", cache: WriteResult.CacheState = .none
    ) -> Response {
        let headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: document))).noting(cache)
    }

    /// Done, and nothing to show.
    static func nothing(cache: WriteResult.CacheState = .none) -> Response {
        Response(status: .noContent).noting(cache)
    }

    /// Says in `X-Cache-State: pending` that the cache could not be told of a write yet.
    private func noting(_ cache: WriteResult.CacheState) -> Response {
        guard cache == .pending, let name = HTTPField.Name("X-Cache-State") else { return self }
        var response = self
        response.headers[name] = "pending"
        return response
    }
}
