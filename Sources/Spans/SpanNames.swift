import Tracing

/// What a span is called: here and nowhere else. No name holds anything of a session, a user, a key or a path that was called.
///
/// Where OpenTelemetry has a convention for a span its name follows that one: the HTTP, FaaS and DynamoDB pages of its semantic conventions.
package struct SpanName: Hashable, Sendable {
    /// The name.
    package let text: String
    /// Who asks whom.
    let kind: SpanKind

    private init(_ text: String, _ kind: SpanKind = .internal) {
        self.text = text
        self.kind = kind
    }

    /// One event in the Lambda, from its arrival to its answer.
    package static let invocation = SpanName("bedrock_sessions.invocation", .server)
    /// What one event of an action group, or one plain test event, comes to.
    package static let action = SpanName("bedrock_sessions.action")
    /// A read of one session through the cache.
    package static let read = SpanName("bedrock_sessions.cache.read")
    /// A read of many.
    package static let readBatch = SpanName("bedrock_sessions.cache.read_batch")
    /// A change of one session: intent, table, publish.
    package static let write = SpanName("bedrock_sessions.cache.write")
    /// What the table is asked on behalf of reads: lease, table, fill. It may outlive the read that began it, and answer others.
    package static let load = SpanName("bedrock_sessions.cache.load")

    /// An operation of DynamoDB with all its attempts; `operation` is the name that AWS gives it.
    package static func dynamo(_ operation: String) -> SpanName { SpanName("DynamoDB.\(operation)", .client) }
    /// A call of the upstream API.
    package static func upstream(method: String) -> SpanName { SpanName(method, .client) }
    /// A request to `serve`; `route` is the path's pattern, never the path.
    package static func request(method: String, route: String?) -> SpanName {
        SpanName(route.map { "\(method) \($0)" } ?? method, .server)
    }
}

/// What spans say, by name: here and nowhere else. Values are from sets that the program's text bounds, but for ids of requests and traces.
package enum SpanField: String, CaseIterable, Sendable {
    /// The request id of the Lambda's invocation.
    case invocationID = "faas.invocation_id"
    /// The action as the program or its schema spells it; `unknown` for what the agent made up.
    case actionName = "bedrock_sessions.action.name"
    /// The word of the answer's status.
    case actionStatus = "bedrock_sessions.action.status"
    /// What a cached read found; the words of the metric `bedrock_sessions.cache.reads`.
    case readOutcome = "bedrock_sessions.cache.read.outcome"
    /// What a load does at the cache: `fill`, `bypass` or `recheck`.
    case loadPlan = "bedrock_sessions.cache.load.plan"
    /// How many sessions were asked for together.
    case batchSize = "bedrock_sessions.cache.batch_size"
    /// What a write does: `update`, `replace`, `touch` or `delete`.
    case writeChange = "bedrock_sessions.cache.write.change"
    /// What the cache knows of a write: `published` or `pending`.
    case writeState = "bedrock_sessions.cache.write.state"

    case databaseSystem = "db.system.name"
    case databaseOperation = "db.operation.name"
    /// AWS's name for the request, for a support case.
    case awsRequestID = "aws.request_id"

    case httpMethod = "http.request.method"
    case httpRoute = "http.route"
    case httpStatus = "http.response.status_code"
    case serverAddress = "server.address"

    /// The kind of failure: a code, or the name of a type. Never what an error says.
    case errorType = "error.type"
}
