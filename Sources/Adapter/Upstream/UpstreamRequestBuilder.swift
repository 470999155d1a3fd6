import JSON

/// Rebuilds the call of the upstream API from an action's values. Pure.
///
/// Source: OpenAPI Specification 3.0.3, "Parameter Object" (styles); RFC 3986 for what is encoded.
struct UpstreamRequestBuilder {
    /// What of the values cannot be sent, one sentence each, naming them as the schema does.
    struct Refusal: Error, Hashable {
        var problems: [String]
    }

    /// Bytes of path and query together: the longest that servers commonly take.
    static let maximumTarget = 8000
    /// Bytes of a header's value.
    static let maximumHeader = 4000
    /// Bytes of a body.
    static let maximumBody = 1 << 20

    private let route: ActionRoute
    private let values: [String: ActionValue]
    private var problems: [String] = []

    private init(_ route: ActionRoute, _ values: [String: ActionValue]) {
        self.route = route
        self.values = values
    }

    /// The request; `values` are what the action's inputs came to. Every required one is among them.
    static func build(_ route: ActionRoute, body: ActionBody?, values: [String: ActionValue]) throws(Refusal) -> UpstreamRequest {
        var builder = Self(route, values)
        let path = builder.path()
        let query = builder.query()
        let headers = builder.headers()
        let written = body.flatMap { builder.body($0) }
        if path.utf8.count + query.utf8.count > Self.maximumTarget {
            builder.problems.append("the values are too long together for one call: give shorter ones")
        }
        guard builder.problems.isEmpty else { throw Refusal(problems: builder.problems) }
        return UpstreamRequest(
            method: route.method, path: path, query: query.isEmpty ? nil : query, headers: headers, body: written)
    }

    // MARK: - Path

    private mutating func path() -> String {
        var path = ""
        for segment in self.route.path.segments {
            path += "/"
            switch segment {
            case .literal(let text): path += Self.literal(text)
            case .template(let parts): path += self.filled(parts)
            }
        }
        return path.isEmpty ? "/" : path
    }

    private mutating func filled(_ parts: [String]) -> String {
        var text = ""
        var whole = ""
        for (index, part) in parts.enumerated() {
            guard !index.isMultiple(of: 2) else {
                text += Self.literal(part)
                whole += part
                continue
            }
            let value = self.values[part].map { Self.joined($0) } ?? ""
            guard PathValue.isSafe(value) else {
                self.problems.append("\(part) stands in a path: give it without slashes, control characters and encodings of them")
                return ""
            }
            text += PercentText.encoded(value)
            whole += value
        }
        if !PathValue.isSafe(whole) { self.problems.append("the values in the path cannot stand beside each other there") }
        return text
    }

    /// A literal part as the schema has it, encoded only where it has what no path may have.
    private static func literal(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : PercentText.encoded(text)
    }

    // MARK: - Query

    private func query() -> String {
        var parts: [String] = []
        for input in self.route.parameters where input.place == .query {
            guard let value = self.values[input.name] else { continue }
            for (name, text) in Self.pairs(input, value) {
                parts.append("\(PercentText.encoded(name))=\(PercentText.encoded(text))")
            }
        }
        return parts.joined(separator: "&")
    }

    /// A value as the parameters of a query or a form.
    private static func pairs(_ input: ActionInput, _ value: ActionValue) -> [(String, String)] {
        switch (value, input.style) {
        case (.array(let elements), .exploded), (.array(let elements), .deep): return elements.map { (input.name, $0.text) }
        case (.array, .joined): return [(input.name, Self.joined(value))]
        case (.object(let members), .deep):
            return members.sorted { $0.key < $1.key }.map { ("\(input.name)[\($0.key)]", $0.value.text) }
        case (.object(let members), .exploded):
            // Only names of the schema's become parameters of their own: others could pass for further parameters of the API.
            guard case .object(let properties, _) = input.type, !properties.isEmpty else { return [(input.name, value.text)] }
            return members.filter { properties[$0.key] != nil }.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text) }
        case (.object, .joined): return [(input.name, value.text)]
        case (.string, _), (.number, _), (.boolean, _), (.null, _): return [(input.name, value.text)]
        }
    }

    private static func joined(_ value: ActionValue) -> String {
        guard case .array(let elements) = value else { return value.text }
        return elements.map(\.text).joined(separator: ",")
    }

    // MARK: - Headers and body

    private mutating func headers() -> [UpstreamRequest.Header] {
        var headers: [UpstreamRequest.Header] = []
        for input in self.route.parameters where input.place == .header {
            guard let value = self.values[input.name].map({ Self.joined($0) }) else { continue }
            guard value.utf8.count <= Self.maximumHeader, value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                self.problems.append("\(input.name) stands in a header: give it in one line of printable ASCII characters")
                continue
            }
            headers.append(UpstreamRequest.Header(name: input.name, value: value))
        }
        return headers
    }

    private mutating func body(_ body: ActionBody) -> UpstreamRequest.Body? {
        let given = body.properties.compactMap { input in self.values[input.name].map { (input, $0) } }
        guard !given.isEmpty || self.route.requiresBody else { return nil }
        let bytes: [UInt8]
        switch body.format {
        case .json: bytes = JSONValue.object(given.map { JSONValue.Member($0.0.name, $0.1.json) }).encoded
        case .form:
            let pairs = given.flatMap { Self.pairs($0.0, $0.1) }
            bytes = Array(
                pairs.map { "\(PercentText.encoded($0.0))=\(PercentText.encoded($0.1))" }.joined(separator: "&").utf8)
        }
        guard bytes.count <= Self.maximumBody else {
            self.problems.append("the values are too long together for one call: give shorter ones")
            return nil
        }
        return UpstreamRequest.Body(contentType: body.contentType, bytes: bytes)
    }
}
