import JSON

/// Writes an answer in the style of its event.
///
/// Source: Amazon Bedrock User Guide, "Configure Lambda functions ...", section "Lambda response event to Amazon Bedrock": `body` is a text that holds
/// JSON, in both styles.
struct AnswerEncoder {
    /// The largest answer in bytes; Bedrock refuses larger ones as a whole.
    var maximumBytes: Int

    /// What becomes of an action's own answer that is larger.
    var largeAnswers = AdapterConfiguration.LargeAnswers.cut

    /// An action's own answer keeps at least this many bytes beside the attributes.
    private static let leastContent = 2048
    /// Bytes of a field: it is data, whatever it says.
    private static let maximumField = 4096

    /// The answer's JSON, and whether something had to be left out to keep it within the limit.
    func encode(_ answer: ActionAnswer, to envelope: ActionEnvelope) -> (bytes: [UInt8], isComplete: Bool) {
        let complete = Self.write(answer, envelope)
        if complete.count <= self.maximumBytes { return (complete, true) }
        // The attributes come from the application and return to it; the model needs the answer.
        var envelopes = [envelope, envelope, envelope]
        envelopes[1].promptSessionAttributes = nil
        envelopes[2].promptSessionAttributes = nil
        envelopes[2].sessionAttributes = nil
        for envelope in envelopes {
            let whole = Self.write(answer, envelope)
            if whole.count <= self.maximumBytes { return (whole, false) }
            if let cut = self.cut(answer, envelope) { return (cut, false) }
        }
        let refusal = ActionAnswer(.failed, "The answer is larger than Amazon Bedrock accepts. Ask for less.")
        return (Self.write(refusal, envelopes[2]), false)
    }

    /// An action's own answer in what is left beside the attributes, if that is enough.
    private func cut(_ answer: ActionAnswer, _ envelope: ActionEnvelope) -> [UInt8]? {
        guard let content = answer.content else { return nil }
        var answer = answer
        switch self.largeAnswers {
        case .refuse:
            answer = ActionAnswer(
                .tooLarge, "The action was done, but its answer is larger than an agent can take in. Ask for less at once to see it.")
        case .cut:
            answer.content = ActionContent(text: "")
            let room = self.maximumBytes - Self.write(answer, envelope).count
            guard room >= Self.leastContent else { return nil }
            answer.content = ContentCutter.cut(content, to: room)
        }
        let bytes = Self.write(answer, envelope)
        return bytes.count <= self.maximumBytes ? bytes : nil
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
        Self.writeBody(answer, type: answer.content?.contentType ?? "application/json", to: &writer)
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
        writer.key("responseBody")
        writer.beginObject()
        writer.key(type)
        writer.beginObject()
        writer.key("body")
        writer.string(answer.content?.text ?? Self.body(answer))
        writer.endObject()
        writer.endObject()
    }

    private static func body(_ answer: ActionAnswer) -> String {
        var body = JSONWriter(capacity: 512)
        body.beginObject()
        body.key("status")
        body.string(answer.status.word)
        for field in answer.fields {
            body.key(field.name)
            body.string(SafeText.cleaned(field.value, maximumBytes: Self.maximumField))
        }
        body.key("message")
        body.string(answer.message)
        body.endObject()
        return String(decoding: body.bytes, as: UTF8.self)
    }

    private static func write(_ attributes: ActionAttributes?, _ name: String, to writer: inout JSONWriter) {
        guard let attributes else { return }
        writer.key(name)
        JSONValue.object(attributes.members).write(to: &writer)
    }
}
