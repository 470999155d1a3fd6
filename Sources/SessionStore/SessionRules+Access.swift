extension SessionRules {
    /// What a read answers from `record`, which is nil where the store has no item. Throws `.notOwner`.
    package static func answer(
        _ read: SessionRead, from record: SessionRecord?, at now: Timestamp, origin: Session.Origin = .table
    ) throws(SessionStoreError) -> Session? {
        try Self.admit(read.caller, to: read.key)
        guard let session = record?.session(read.key, at: now, origin: origin) else { return nil }
        guard session.admits(read.caller) else { throw .notOwner }
        return session
    }

    /// Refuses callers who may not even ask: the memory of a user answers that user and operators, whether it exists or not. Throws `.notOwner`.
    package static func admit(_ caller: Caller, to key: SessionKey) throws(SessionStoreError) {
        guard case .user(let owner) = key else { return }
        switch caller {
        case .asOperator: return
        case .user(let id) where id == owner: return
        case .user, .anonymous: throw .notOwner
        }
    }
}

extension SessionStoreError {
    /// The session or memory is somebody else's.
    package static var notOwner: SessionStoreError {
        SessionStoreError(
            .notOwner,
            "this session belongs to a user; call on behalf of that user (the user id in the session attributes), or as an operator")
    }
}

extension WriteResult {
    /// What a store without a cache answers after a decision. `key` is the write's.
    package init(_ decision: SessionRules.Decision, key: SessionKey, at now: Timestamp) {
        switch decision {
        case .store(let record): self.init(session: record.session(key, at: now), version: record.version, changed: true)
        case .nothing: self.init(session: nil, version: nil, changed: false)
        }
    }
}
