import JSON

extension ActionAnswer {
    /// What the model hears of the upstream API's answer.
    ///
    /// 2xx: the body, as data. 4xx: a sentence that the model can act on, with the short `detail` or `message` of a JSON body for 400, 404, 409 and 422, where
    /// the API speaks about the values; of other failures nothing, for that is the operator's affair.
    init(_ answer: UpstreamAnswer, acts: Bool) {
        switch answer.status {
        case 200..<300: self = Self.done(answer)
        case 404, 410: self = Self.refused(.notFound, answer, "it has nothing under these values")
        case 409, 423: self = Self.refused(.contradicted, answer, "what is there contradicts these values")
        case 401, 403, 407, 451:
            self.init(.notAllowed, "The service behind this action does not allow this call. Nothing can be done about it here.")
        case 408, 425, 429:
            self.init(.unavailable, "The service behind this action takes no more calls at the moment. Try again later.")
        case 400..<500: self = Self.refused(.invalid, answer, "it does not accept these values")
        case 500...:
            self.init(.unavailable, Self.failure(acts: acts, isCertain: false))
        default:
            self.init(.failed, "The service behind this action does not answer as it should, and needs its operator. " + Self.doubt(acts))
        }
    }

    /// What the model hears where there is no answer.
    init(_ error: UpstreamError, acts: Bool) {
        switch error.code {
        case .refusedRequest, .refusedAddress:
            self.init(
                .failed, "The service behind this action cannot be called as it is configured, and needs its operator. Nothing was done.")
        case .tooLarge:
            self.init(
                acts ? .failed : .invalid,
                acts
                    ? "The service behind this action answered with more than can be taken in. " + Self.doubt(true)
                    : "The service behind this action answers with more than can be taken in. Ask for less at once.")
        case .unreachable, .timedOut, .malformedAnswer, .overloaded, .cancelled:
            self.init(.unavailable, Self.failure(acts: acts, isCertain: !error.mayHaveBeenDone))
        }
    }

    private static func failure(acts: Bool, isCertain: Bool) -> String {
        guard acts else { return "The service behind this action does not answer at the moment. Try again later." }
        return isCertain
            ? "The service behind this action cannot be reached at the moment. Nothing was done. Try again later."
            : "The service behind this action failed or did not answer. " + Self.doubt(true)
    }

    private static func doubt(_ acts: Bool) -> String {
        acts ? "It is not known whether the action was done: find out before doing it again." : ""
    }

    private static func refused(_ status: Status, _ answer: UpstreamAnswer, _ reason: String) -> ActionAnswer {
        let sentence = "The service behind this action refused the call (HTTP \(answer.status)): \(reason). Check them with the user."
        let detail = [400, 404, 409, 422].contains(answer.status) ? Self.detail(of: answer) : nil
        return ActionAnswer(status, sentence, fields: detail.map { [.init("detail", $0)] } ?? [])
    }

    /// The first line of what a JSON body says to whoever called (RFC 9457, `detail`; `message` by custom). It is data, and short.
    private static func detail(of answer: UpstreamAnswer) -> String? {
        guard answer.contentType.map({ ContentType.isJSON($0) }) ?? false, answer.body.count <= 65_536,
            let body = try? JSONValue(parsing: answer.body),
            let text = [body["detail"], body["message"], body["error"]?["message"]].compactMap({ $0?.string }).first
        else { return nil }
        let line = SafeText.cleaned(text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "", maximumBytes: 200)
        return line.isEmpty ? nil : line
    }

    private static func done(_ answer: UpstreamAnswer) -> ActionAnswer {
        let status = Status.succeeded(answer.status)
        guard !answer.body.isEmpty else { return ActionAnswer(status, "The action was done.") }
        guard let content = ActionContent(answer) else {
            return ActionAnswer(status, "The action was done. What it answered is no text, so it is not shown.")
        }
        return ActionAnswer(status, content: content)
    }
}

extension ActionContent {
    /// Levels of a JSON body; a deeper one is handed on as text.
    private static let maximumDepth = 32

    /// The body as data for a model; nil when it is no text.
    init?(_ answer: UpstreamAnswer) {
        let type = answer.contentType.map { ContentType.essence($0) }
        if type.map({ ContentType.isJSON($0) }) ?? true, let json = try? JSONValue(parsing: answer.body, maximumDepth: Self.maximumDepth) {
            self.init(json: SafeText.cleaned(json))
            return
        }
        let isText = type.map { $0.hasPrefix("text/") || $0.hasSuffix("/xml") || $0.hasSuffix("+xml") || ContentType.isJSON($0) } ?? true
        guard isText else { return nil }
        // Whoever says nothing of the type may have sent anything.
        if type == nil, String(validating: answer.body, as: UTF8.self) == nil { return nil }
        self.init(text: SafeText.cleaned(String(decoding: answer.body, as: UTF8.self)))
    }
}
