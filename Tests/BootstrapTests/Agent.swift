import JSON
import TestSupport
import Testing

/// Sends events one by one through a runtime API and reads the answers.
struct Agent {
    let lambda: LambdaProcess
    var messages: AsyncStream<RuntimeAPIServer.Message>.Iterator

    init(_ lambda: LambdaProcess) {
        self.lambda = lambda
        self.messages = lambda.server.messages.makeAsyncIterator()
    }

    mutating func ask(_ event: JSONValue, id: String = "request-1") async throws -> BedrockReply {
        self.lambda.server.invoke(.init(event.encoded, id: id, headers: [("Lambda-Runtime-Deadline-Ms", "99999999999999")]))
        let message = try #require(await self.messages.next(isolation: #isolation))
        #expect(message.path == "invocation/\(id)/response")
        return try BedrockReply(message.body)
    }

    /// Both conversations, each answer as it should be.
    mutating func play(_ conversations: TwoConversations) async throws {
        for (number, step) in conversations.steps.enumerated() {
            let reply = try await self.ask(step.event, id: "turn-\(number)")
            #expect(reply.status == step.status && reply.wallet == step.wallet, "turn \(number): \(reply.answer)")
        }
    }
}
