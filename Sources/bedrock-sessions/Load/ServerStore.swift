import EventLoop
import HTTP
import JSON
import SessionStore

/// The sessions of a running `serve`, over its API.
final class ServerStore: SessionStore {
    private let client: HTTPClient
    private let base: String
    private let token: String?
    private static let deadline = Duration.seconds(10)

    /// The server at that URL. Throws a usage failure for a URL that is none.
    init(_ url: String, token: String?, connections: Int, loop: UVLoop) throws(CommandFailure) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("@"), !url.contains("?"), !url.contains("#") else {
            throw .usage("--url is the address of a running serve, such as http://127.0.0.1:8080")
        }
        var options = HTTPOptions()
        options.maxConnections = connections
        options.maxQueued = connections + 1
        self.client = HTTPClient(loop: loop, options: options)
        self.base = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/v1/sessions/"
        self.token = token
    }

    /// Closes its connections.
    func close() async { await self.client.close() }

    func read(_ read: SessionRead) async throws(SessionStoreError) -> Session? {
        let answer = try await self.send("GET", read.key)
        if answer.isNoSession { return nil }
        return try Self.session(answer, read.key)
    }

    func read(
        batch keys: [SessionKey], as caller: Caller, consistency: ReadConsistency
    ) async throws(SessionStoreError) -> [SessionKey: Result<Session?, SessionStoreError>] {
        var results: [SessionKey: Result<Session?, SessionStoreError>] = [:]
        for key in keys {
            do throws(SessionStoreError) {
                results[key] = .success(try await self.read(SessionRead(key, as: caller, consistency: consistency)))
            } catch {
                results[key] = .failure(error)
            }
        }
        return results
    }

    func write(_ write: SessionWrite) async throws(SessionStoreError) -> WriteResult {
        switch write.change {
        case .update(let set, let remove):
            let members = set.map { JSONValue.Member($0.key, $0.value.json) } + remove.map { JSONValue.Member($0, .null) }
            return try Self.written(try await self.send("PATCH", write.key, .object([.init("data", .object(members))])), write.key)
        case .replace(let data):
            return try Self.written(try await self.send("PUT", write.key, .object([.init("data", SessionValue.object(data))])), write.key)
        case .delete:
            let answer = try await self.send("DELETE", write.key)
            if answer.isNoSession { return WriteResult(session: nil, version: nil, changed: false) }
            try answer.requireSuccess(ofWrite: true)
            return WriteResult(session: nil, version: nil, changed: true, cache: answer.cache)
        case .touch:
            throw SessionStoreError(.misconfigured, "the server's API does not touch sessions")
        }
    }

    private func send(_ method: String, _ key: SessionKey, _ body: JSONValue? = nil) async throws(SessionStoreError) -> HTTPAnswer {
        var call = HTTPCall(method: method, url: self.base + key.rawValue, isRepeatable: method == "GET")
        if let body {
            call.headers.append("Content-Type", "application/json")
            call.body = body.encoded
        }
        if let token = self.token { call.headers.append("Authorization", "Bearer \(token)") }
        do throws(HTTPError) {
            return try await self.client.send(call, deadline: Self.deadline)
        } catch {
            if method != "GET", error.requestMayHaveBeenSent {
                throw SessionStoreError(.outcomeUnknown, "the server did not answer a write", underlying: error.code.label)
            }
            let code: SessionStoreError.Code = error.code == .timedOut ? .deadlineExceeded : .unavailable
            throw SessionStoreError(
                code, "the server cannot be reached or does not answer: see that it runs at --url", underlying: error.code.label)
        }
    }

    private static func written(_ answer: HTTPAnswer, _ key: SessionKey) throws(SessionStoreError) -> WriteResult {
        try answer.requireSuccess(ofWrite: true)
        let session = try Self.session(answer, key)
        return WriteResult(session: session, version: session.version, changed: true, cache: answer.cache)
    }

    private static func session(_ answer: HTTPAnswer, _ key: SessionKey) throws(SessionStoreError) -> Session {
        try answer.requireSuccess()
        guard let document = try? ExactNumber.parse(answer.body), document["id"]?.string == key.rawValue,
            let members = document["data"]?.members, let session = Self.session(document, try SessionValue.data(members), key)
        else { throw SessionStoreError(.malformedItem, "the server's answer is no session: is there a bedrock-sessions at --url?") }
        return session
    }

    private static func session(_ document: JSONValue, _ data: SessionData, _ key: SessionKey) -> Session? {
        let age = Duration.milliseconds(document["age_ms"]?.integer ?? 0)
        let origin: Session.Origin
        switch document["origin"]?.string {
        case "table": origin = .table
        case "cache": origin = .cache(age: age)
        case "stale": origin = .stale(age: age)
        default: return nil
        }
        return Session(
            key: key, data: data, version: document["version"]?.integer.map(SessionVersion.init),
            expiration: document["expiration"]?.integer.map { Timestamp(seconds: $0) }, origin: origin)
    }
}

extension HTTPAnswer {
    /// The table's own word that there is none; any other 404 is not.
    fileprivate var isNoSession: Bool {
        self.status == 404 && (try? JSONValue(parsing: self.body))?["code"]?.string == "notFound"
    }

    fileprivate var cache: WriteResult.CacheState {
        self.headers["X-Cache-State"] == "pending" ? .pending : .none
    }

    fileprivate func requireSuccess(ofWrite isWrite: Bool = false) throws(SessionStoreError) {
        guard !(200...299).contains(self.status) else { return }
        // Something between here and the server gave up, and the server may not have.
        if isWrite, self.status == 502 || self.status == 504 {
            throw SessionStoreError(.outcomeUnknown, "nobody knows whether the server has done it (status \(self.status))")
        }
        let problem = try? JSONValue(parsing: self.body)
        let word = problem?["code"]?.string
        let code: SessionStoreError.Code =
            switch (self.status, word) {
            case (_, "outcomeUnknown"): .outcomeUnknown
            case (_, "throttled"): .throttled
            case (_, "overloaded"): .overloaded
            case (401, _), (403, _): .accessDenied
            case (409, _): .conflict
            case (413, _): .tooLarge
            case (504, _): .deadlineExceeded
            case (502, _), (503, _): .unavailable
            default: .malformedItem
            }
        throw SessionStoreError(code, "the server answered with status \(self.status)", underlying: problem?["detail"]?.string)
    }
}
