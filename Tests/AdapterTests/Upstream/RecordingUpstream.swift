import Adapter
import TestSupport

/// An upstream API that notes what it is asked and answers as a test says.
final class RecordingUpstream: UpstreamAPI {
    typealias Reply = @Sendable (UpstreamRequest) async throws(UpstreamError) -> UpstreamAnswer

    private let seen = Observed<[UpstreamRequest]>([])
    private let reply: Reply

    init(_ reply: @escaping Reply) {
        self.reply = reply
    }

    convenience init(_ status: Int = 200, _ body: String = #"{"ok":true}"#, type: String? = "application/json") {
        self.init { (_) throws(UpstreamError) in UpstreamAnswer(status: status, contentType: type, body: Array(body.utf8)) }
    }

    var requests: [UpstreamRequest] { self.seen.value }

    func received(_ count: Int) async throws { try await self.seen.wait(until: { $0.count >= count }) }

    func send(_ request: UpstreamRequest, deadline: Duration) async throws(UpstreamError) -> UpstreamAnswer {
        self.seen.change { $0.append(request) }
        return try await self.reply(request)
    }
}
