package import SessionStore

extension History {
    /// The history for a person: one line for each event, in order. `start` is the time that counts as nothing.
    package func text(from start: Timestamp) -> String {
        var lines: [(Moment, String)] = self.notes.map { ($0.0, "      \($0.1)") }
        for operation in self.operations {
            let name = "#\(operation.id)"
            lines.append((operation.began, "\(name)  client \(operation.client) \(operation.key.rawValue) \(operation.callText)"))
            if let ended = operation.ended { lines.append((ended, "\(name)  -> \(operation.outcomeText)")) }
        }
        for change in self.changes {
            let author = change.operation.map { "#\($0)" } ?? "time to live"
            lines.append((change.moment, "      table \(change.key.rawValue): \(change.recordText), by \(author)"))
        }
        return lines.sorted { $0.0 < $1.0 }.map { moment, text in
            let time = (moment.time - start).wholeMilliseconds
            return "\(String(repeating: " ", count: max(0, 8 - "\(time)".count)))\(time) ms  \(text)"
        }.joined(separator: "\n")
    }

    /// FNV-1a over the text: two runs of one seed have the same.
    package func digest(from start: Timestamp) -> UInt64 {
        self.text(from: start).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

extension Operation {
    fileprivate var callText: String {
        let caller =
            switch self.caller {
            case .anonymous: ""
            case .user(let id): " as \(id.rawValue)"
            case .asOperator: " as operator"
            }
        switch self.call {
        case .read(let consistency): return "read \(consistency)\(caller)"
        case .write(.update(let set, let remove)): return "set \(set.text) remove \(remove.sorted())\(caller)"
        case .write(.replace(let data)): return "replace \(data.text)\(caller)"
        case .write(.touch): return "touch\(caller)"
        case .write(.delete): return "delete\(caller)"
        }
    }

    fileprivate var outcomeText: String {
        switch self.outcome {
        case .open: return "open"
        case .answered(nil): return "no session"
        case .answered(let session?): return "\(session.text) \(session.origin)"
        case .acknowledged(let result):
            guard result.changed else { return "nothing to do" }
            return "wrote \(result.version.map { "v\($0.rawValue)" } ?? "-") \(result.cache)"
        case .failed(let error): return "failed: \(error.code.label)" + (error.underlying.map { " (\($0))" } ?? "")
        }
    }
}

extension TableChange {
    fileprivate var recordText: String {
        guard let record = self.record else { return "removed" }
        let version = record.version.map { "v\($0.rawValue)" } ?? "-"
        let owner = record.owner?.rawValue ?? "-"
        return "\(version) \(record.data?.text ?? "deleted") owner \(owner) until \(record.expiration?.seconds ?? 0)"
    }
}

extension Session {
    fileprivate var text: String {
        "\(self.version.map { "v\($0.rawValue)" } ?? "-") \(self.data.text) owner \(self.owner?.rawValue ?? "-")"
    }
}

extension SessionData {
    fileprivate var text: String {
        let fields = self.sorted { $0.key < $1.key }.map { name, value in
            switch value {
            case .string(let text), .number(let text): "\(name)=\(text)"
            default: "\(name)=..."
            }
        }
        return "{\(fields.joined(separator: " "))}"
    }
}
