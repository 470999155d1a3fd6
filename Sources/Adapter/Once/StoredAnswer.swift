import JSON

/// An answer as text, to be given again.
enum StoredAnswer {
    static func encode(_ answer: ActionAnswer) -> String {
        var tree: JSONValue = [
            "word": .string(answer.status.word), "http": .number(String(answer.status.httpStatus)),
            "message": .string(answer.message), "fields": .array(answer.fields.map { [.string($0.name), .string($0.value)] }),
        ]
        switch answer.status.resolution {
        case .done: tree["state"] = "done"
        case .retry: tree["state"] = "retry"
        case .giveUp: tree["state"] = "giveUp"
        }
        switch answer.content?.form {
        case .json(let content): tree["json"] = content
        case .text(let text): tree["text"] = .string(text)
        case nil: break
        }
        return String(decoding: tree.encoded, as: UTF8.self)
    }

    /// Nil for what no answer was written as.
    static func decode(_ text: String) -> ActionAnswer? {
        guard let tree = try? JSONValue(parsing: Array(text.utf8)), let word = tree["word"]?.string, let http = tree["http"]?.integer,
            let message = tree["message"]?.string, let status = Int(exactly: http), let resolution = Self.resolution(tree["state"]?.string)
        else { return nil }
        var answer = ActionAnswer(ActionAnswer.Status(word, status, resolution), message)
        for pair in tree["fields"]?.elements ?? [] {
            guard let parts = pair.elements, parts.count == 2, let name = parts[0].string, let value = parts[1].string else { return nil }
            answer.fields.append(.init(name, value))
        }
        if let json = tree["json"] { answer.content = ActionContent(json: json) }
        if let text = tree["text"]?.string { answer.content = ActionContent(text: text) }
        return answer
    }

    private static func resolution(_ name: String?) -> ActionAnswer.Status.Resolution? {
        switch name {
        case "done": .done
        case "retry": .retry
        case "giveUp": .giveUp
        default: nil
        }
    }
}
