import SessionStore

/// Without the table's own account: every field that a read shows was set by the last acknowledged write of it, or by one whose outcome is unknown.
extension KeyChecker {
    private struct Sets {
        /// By version, ascending.
        var acknowledged: [(version: Int64, value: SessionValue?)] = []
        var unknown: [SessionValue?] = []
    }

    mutating func checkFields() {
        guard let fields = self.sets() else { return }
        for operation in self.operations {
            let session: Session? =
                switch operation.outcome {
                case .answered(let session): session
                case .acknowledged(let result): result.session
                case .open, .failed: nil
                }
            guard let session, let version = session.version?.rawValue else { continue }
            for (name, sets) in fields {
                guard let last = sets.acknowledged.last(where: { $0.version <= version }) else { continue }
                let value = session.data[name]
                if value != last.value, !sets.unknown.contains(value) {
                    self.report(.field, operation, "version \(version) lost what version \(last.version) set")
                }
            }
        }
    }

    /// Who set which field; nil where sessions ended, were deleted or replaced: then only versions tell.
    private func sets() -> [String: Sets]? {
        var fields: [String: Sets] = [:]
        for operation in self.operations where operation.mayHaveWritten {
            guard case .update(let set, let remove)? = operation.change else {
                if operation.change == .touch { continue }
                return nil
            }
            let changes = set.map { ($0.key, Optional($0.value)) } + remove.map { ($0, nil) }
            for (name, value) in changes {
                if let version = operation.acknowledgedVersion?.rawValue {
                    fields[name, default: Sets()].acknowledged.append((version, value))
                } else {
                    fields[name, default: Sets()].unknown.append(value)
                }
            }
        }
        for name in fields.keys { fields[name]?.acknowledged.sort { $0.version < $1.version } }
        return fields
    }
}
