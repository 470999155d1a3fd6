package import Adapter
import EventLoop
import HTTP
import Instrumentation
import Spans

/// The upstream API over HTTP: one configured host, and no other.
///
/// Redirects are answers like others. No proxy stands between: what a name leads to has to be seen here, when the connection is opened.
package struct HTTPUpstream: UpstreamAPI {
    /// Bytes of an answer that are taken in; an agent gets 25 KB of them.
    static let maximumAnswerBytes = 1 << 20

    private let client: HTTPClient
    private let address: UpstreamAddress
    private let key: UpstreamKey?
    private let spans = SpanRecorder()

    /// A client of the API at `address`; it connects when the first call is sent. `runtimeAPI` is Lambda's own, as `host:port`.
    init(_ address: UpstreamAddress, key: UpstreamKey?, runtimeAPI: String?, loop: UVLoop) {
        var options = HTTPOptions()
        options.maxConnections = 32
        options.maxQueued = 256
        options.maxAnswerBytes = Self.maximumAnswerBytes
        options.addresses = .outside(of: runtimeAPI.map { [Self.host(of: $0)] } ?? [], unless: address.host)
        self.client = HTTPClient(loop: loop, options: options)
        self.address = address
        self.key = key
    }

    /// Sends a request to the configured host, and hands on the trace that it is part of.
    package func send(_ request: UpstreamRequest, deadline: Duration) async throws(UpstreamError) -> UpstreamAnswer {
        guard let spans = self.spans else { return try await self.exchange(request, deadline) }
        let method = request.method.rawValue
        return try await spans.record(.upstream(method: method), kindOfFailure: \.code.rawValue) {
            (span) async throws(UpstreamError) in
            span.set(.httpMethod, method)
            span.set(.serverAddress, self.address.host)
            let answer = try await self.exchange(request, deadline)
            span.set(.httpStatus, answer.status)
            if answer.status >= 400 { span.fail(String(answer.status)) }
            return answer
        }
    }

    private func exchange(_ request: UpstreamRequest, _ deadline: Duration) async throws(UpstreamError) -> UpstreamAnswer {
        let call = HTTPCall(
            method: request.method.rawValue, url: self.address.base + request.path + (request.query.map { "?\($0)" } ?? ""),
            headers: self.headers(request), body: request.body?.bytes ?? [], isRepeatable: !request.method.acts)
        do throws(HTTPError) {
            let answer = try await self.client.send(call, deadline: deadline)
            return UpstreamAnswer(status: answer.status, contentType: answer.headers["content-type"], body: self.withoutKey(answer.body))
        } catch {
            throw UpstreamError(error)
        }
    }

    /// Ends what is under way and closes the connections.
    package func close() async {
        await self.client.close()
    }

    private func headers(_ request: UpstreamRequest) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.append("Accept", "application/json, text/*;q=0.9, */*;q=0.1")
        headers.append("Accept-Encoding", "identity")
        headers.append("User-Agent", "bedrock-sessions")
        if let body = request.body { headers.append("Content-Type", body.contentType) }
        for header in request.headers { headers.set(header.name, header.value) }
        if let context = ServiceContext.current {
            InstrumentationSystem.instrument.inject(context, into: &headers, using: HeaderInjector())
        }
        // Last, in place of what a parameter of the same name may have said.
        if let key { headers.set(key.name, key.value) }
        return headers
    }

    /// An API that repeats the header fields it was sent would show the key to the model.
    private func withoutKey(_ body: [UInt8]) -> [UInt8] {
        guard let key, key.value.utf8.count >= 8 else { return body }
        let secret = Array(key.value.utf8)
        var clean: [UInt8] = []
        clean.reserveCapacity(body.count)
        var rest = body[...]
        while let byte = rest.first {
            if byte == secret[0], rest.starts(with: secret) {
                clean += "[removed]".utf8
                rest = rest.dropFirst(secret.count)
            } else {
                clean.append(byte)
                rest = rest.dropFirst()
            }
        }
        return clean
    }

    private static func host(of authority: String) -> String {
        guard !authority.hasPrefix("[") else { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }
}

/// Writes the headers of traces.
private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPHeaders) {
        headers.set(key, value)
    }
}

extension UpstreamError {
    /// What a failed call means to an action.
    init(_ error: HTTPError) {
        let code: Code =
            switch error.code {
            case .timedOut: .timedOut
            case .tooLarge: .tooLarge
            case .malformedAnswer: .malformedAnswer
            case .invalidCall: .refusedRequest
            case .refusedAddress: .refusedAddress
            case .overloaded: .overloaded
            case .cancelled, .closed: .cancelled
            default: .unreachable
            }
        self.init(code, mayHaveBeenDone: error.requestMayHaveBeenSent)
    }
}
