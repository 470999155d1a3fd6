import JSON

/// Writes an answer in the style of its event.
///
/// Source: Amazon Bedrock User Guide, "Configure Lambda functions ...", section "Lambda response event to Amazon Bedrock": `body` is a text that holds
/// JSON, in both styles.
struct AnswerEncoder {
    /// The largest answer in bytes; Bedrock refuses larger ones as a whole.
    var maximumBytes: Int

    /// The answer's JSON, and whether something had to be left out to keep it within the limit.
    func encode(_ answer: ActionAnswer, to envelope: ActionEnvelope) -> (bytes: [UInt8], isComplete: Bool) {
        let complete = Self.write(answer, envelope)
        if complete.count <= self.maximumBytes { return (complete, true) }
        // The attributes come from the application and return to it; the model needs the answer.
        var envelope = envelope
        envelope.promptSessionAttributes = nil
        let withoutPrompt = Self.write(answer, envelope)
        if withoutPrompt.count <= self.maximumBytes { return (withoutPrompt, false) }
        envelope.sessionAttributes = nil
        let withoutAttributes = Self.write(answer, envelope)
        if withoutAttributes.count <= self.maximumBytes { return (withoutAttributes, false) }
        let refusal = ActionAnswer(.failed, "The answer is larger than Amazon Bedrock accepts. Ask for less.")
        return (Self.write(refusal, envelope), false)
    }

    private static func write(_ answer: ActionAnswer, _ envelope: ActionEnvelope) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("messageVersion")
        writer.string("1.0")
        writer.key("response")
        writer.beginObject()
        writer.key("actionGroup")
        writer.string(envelope.actionGroup)
        switch envelope.operation {
        case .api(let method, let path): Self.writeAPI(answer, method, path, to: &writer)
        case .function(let name): Self.writeFunction(answer, name, to: &writer)
        }
        writer.endObject()
        Self.write(envelope.sessionAttributes, "sessionAttributes", to: &writer)
        Self.write(envelope.promptSessionAttributes, "promptSessionAttributes", to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func writeAPI(_ answer: ActionAnswer, _ method: String, _ path: String, to writer: inout JSONWriter) {
        writer.key("apiPath")
        writer.string(path)
        writer.key("httpMethod")
        writer.string(method)
        writer.key("httpStatusCode")
        writer.integer(Int64(answer.status.httpStatus))
        Self.writeBody(answer, type: "application/json", to: &writer)
    }

    private static func writeFunction(_ answer: ActionAnswer, _ name: String, to writer: inout JSONWriter) {
        writer.key("function")
        writer.string(name)
        writer.key("functionResponse")
        writer.beginObject()
        switch answer.status.resolution {
        case .done: break
        case .retry:
            writer.key("responseState")
            writer.string("REPROMPT")
        case .giveUp:
            writer.key("responseState")
            writer.string("FAILURE")
        }
        Self.writeBody(answer, type: "TEXT", to: &writer)
        writer.endObject()
    }

    private static func writeBody(_ answer: ActionAnswer, type: String, to writer: inout JSONWriter) {
        var body = JSONWriter(capacity: 512)
        body.beginObject()
        body.key("status")
        body.string(answer.status.word)
        for field in answer.fields {
            body.key(field.name)
            body.string(field.value)
        }
        body.key("message")
        body.string(answer.message)
        body.endObject()
        writer.key("responseBody")
        writer.beginObject()
        writer.key(type)
        writer.beginObject()
        writer.key("body")
        writer.string(String(decoding: body.bytes, as: UTF8.self))
        writer.endObject()
        writer.endObject()
    }

    private static func write(_ attributes: ActionAttributes?, _ name: String, to writer: inout JSONWriter) {
        guard let attributes else { return }
        writer.key(name)
        JSONValue.object(attributes.members).write(to: &writer)
    }
}
