import SessionStore

extension Remembering {
    /// Whether all that is given is what both items hold already, freshly read and with more than half of their lives before them: nothing to write.
    func isKept(_ given: GivenValues, in items: FieldMemory.Items) -> Bool {
        var holders = [items.session]
        if items.user != nil { holders.append(items.memory ?? nil) }
        return holders.allSatisfy { holder in
            guard let holder, holder.staleness == nil, !self.isPastHalf(holder), holder.owner == items.user else { return false }
            return given.values.allSatisfy { field, value in (try? FieldRecord(holder.data, field))?.value == value }
        }
    }

    /// The values of all fields for the action, given ones first; or what is said of a needed one that cannot be had.
    func ready(_ given: GivenValues, _ action: Action, _ items: FieldMemory.Items) -> Settlement {
        var values: [String: RememberedValue] = [:]
        for field in self.configuration.remembered {
            if let value = given.values[field] {
                let note = given.unchecked.contains(field) ? RememberingPhrases.noChecksum : nil
                values[field.name] = RememberedValue(value, origin: .given, note: note)
                continue
            }
            switch self.known(field, action, items) {
            case .value(let value): values[field.name] = value
            case .none(let answer) where action.needed.contains(field.name): return .answer(answer)
            case .none: continue
            }
        }
        return .ready(values)
    }

    private enum Known {
        case value(RememberedValue)
        /// What the model hears where the action needs it.
        case none(ActionAnswer)
    }

    private func known(_ field: RememberedField, _ action: Action, _ items: FieldMemory.Items) -> Known {
        let phrases = self.phrases(field, action)
        guard let recollection = try? items.recall(field) else { return .none(phrases.unreadable) }
        switch recollection {
        case .none: return .none(phrases.needed)
        case .conflict(let session, let memory): return .none(phrases.conflict(session: session.value, memory: memory.value))
        case .value(let recalled):
            let staleness = recalled.staleness
            if staleness != nil, action.acts, field.kind == .wallet { return .none(phrases.stale(recalled.value)) }
            return .value(
                RememberedValue(
                    recalled.value, origin: recalled.source == .memory ? .memory : .session, staleness: staleness,
                    note: staleness.map { phrases.note(staleness: $0) }))
        }
    }

    /// A write extends a session; one that would change nothing is worth it in the second half of the session's life.
    private func isPastHalf(_ session: Session) -> Bool {
        guard let end = session.expiration, let written = session.updatedAt else { return true }
        return end - self.clock.now < (end - written) / 2
    }

    /// The code that an event carries; nil: none.
    func code(in request: ActionRequest) -> String? {
        let names: Set<String> = [RememberingPhrases.codeParameter, "walletConfirmationCode"]
        let texts = (request.parameters + request.body.values.joined()).filter { names.contains($0.name) }.compactMap(\.value)
        return GivenWallet.meaningful(texts).first
    }
}
