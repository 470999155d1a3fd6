import SessionStore

extension WritePlan {
    /// What every attempt of a write shares.
    struct Context: Hashable, Sendable {
        var key: SessionKey
        var caller: Caller
        var writeID: String
        var timeToLive: Duration
    }

    /// The limits beyond which fields are not set one by one: an expression may have 4 KB.
    ///
    /// Source: Amazon DynamoDB Developer Guide, "Service, account, and table quotas", expression parameters; DESIGN section 4.
    static let maximumFields = 200
    /// Bytes of expression text.
    static let maximumExpression = 3584

    /// The expression for an attempt that is sent now. Throws `.invalidValue` for overlapping changes.
    func expression(_ context: Context, now: Timestamp) throws(SessionStoreError) -> Expression {
        var expression = Expression()
        try expression.advanceVersion(now)
        try expression.set(expression.path(.updatedAt), to: .number("\(now.milliseconds)"))
        expression.require(self.fence)
        switch self.form {
        case .create(let record, let ended): try self.create(record, over: ended, context, now, &expression)
        case .update(let set, let remove):
            for (name, value) in set { try expression.set(expression.path(.data, name), to: value) }
            for name in remove { try expression.remove(expression.path(.data, name)) }
            try self.change(context, now, claims: true, &expression)
        case .replace(let data):
            try expression.set(expression.path(.data), to: .map(data))
            try self.change(context, now, claims: true, &expression)
        case .touch: try self.change(context, now, claims: false, &expression)
        case .delete(let otherNames): try self.delete(otherNames, context, now, &expression)
        }
        return expression
    }

    private func create(
        _ record: SessionRecord, over ended: Ended?, _ context: Context, _ now: Timestamp, _ expression: inout Expression
    ) throws(SessionStoreError) {
        if let ended {
            if ended.isTombstone {
                expression.require("attribute_not_exists(\(expression.path(.data).text))")
            } else {
                expression.require("\(expression.path(.expiration).text) <= \(expression.value(.seconds(now)))")
            }
            for name in ended.otherNames { try expression.remove(expression.path([name])) }
            if record.owner == nil { try expression.remove(expression.path(.owner)) }
        }
        try expression.set(expression.path(.data), to: .map(record.data ?? [:]))
        if let owner = record.owner { try expression.set(expression.path(.owner), to: .string(owner.rawValue)) }
        try expression.set(expression.path(.createdAt), to: .number("\(now.milliseconds)"))
        try expression.set(expression.path(.writeID), to: .string(context.writeID))
        try expression.extend(context.timeToLive, now)
    }

    private func change(
        _ context: Context, _ now: Timestamp, claims: Bool, _ expression: inout Expression
    ) throws(SessionStoreError) {
        let expiration = expression.path(.expiration).text
        expression.require("attribute_type(\(expression.path(.data).text), \(expression.value("M")))")
        expression.require("attribute_not_exists(\(expiration)) OR \(expiration) > \(expression.value(.seconds(now)))")
        expression.requireOwner(context.caller)
        // The condition lets only the owner and a first owner pass; an operator claims nothing but writes a memory in its user's name.
        if claims, let owner = context.key.memoryOwner ?? context.caller.userID {
            try expression.set(expression.path(.owner), to: .string(owner.rawValue))
        }
        try expression.set(expression.path(.writeID), to: .string(context.writeID))
        try expression.extend(context.timeToLive, now)
    }

    private func delete(
        _ otherNames: [String], _ context: Context, _ now: Timestamp, _ expression: inout Expression
    ) throws(SessionStoreError) {
        expression.require("attribute_exists(\(expression.path(.key).text))")
        expression.requireOwner(context.caller)
        try expression.set(expression.path(.expiration), to: .number("\(now.seconds)"))
        for attribute in [ItemAttribute.data, .owner, .writeID, .createdAt] { try expression.remove(expression.path(attribute)) }
        for name in otherNames { try expression.remove(expression.path([name])) }
    }
}

extension Expression {
    /// One above the version before, or above the time in milliseconds where there is none: so versions go on growing across foreign writers and
    /// swept tombstones.
    fileprivate mutating func advanceVersion(_ now: Timestamp) throws(SessionStoreError) {
        let version = self.path(.version)
        let start = self.value(.number("\(now.milliseconds)"))
        try self.set(version, "if_not_exists(\(version.text), \(start)) + \(self.value(1))")
    }

    fileprivate mutating func extend(_ timeToLive: Duration, _ now: Timestamp) throws(SessionStoreError) {
        let end = SessionRules.expiration(now: now, timeToLive: timeToLive)
        try self.set(self.path(.expiration), to: .number("\(end.seconds)"))
    }

    fileprivate mutating func require(_ fence: WriteFence) {
        // The service refuses a name or value that no expression uses: nothing is aliased before it is needed.
        switch fence {
        case .absent: self.require("attribute_not_exists(\(self.path(.key).text))")
        case .version(let version): self.require("\(self.path(.version).text) = \(self.value(.number("\(version.rawValue)")))")
        case .versionless:
            self.require("attribute_exists(\(self.path(.key).text))")
            self.require("attribute_not_exists(\(self.path(.version).text))")
        }
    }

    /// `SessionRules`' ownership as a condition; NULL and empty text are no owner.
    fileprivate mutating func requireOwner(_ caller: Caller) {
        if caller == .asOperator { return }
        let owner = self.path(.owner).text
        var allowed = [
            "attribute_not_exists(\(owner))", "attribute_type(\(owner), \(self.value("NULL")))", "\(owner) = \(self.value(""))",
        ]
        if let id = caller.userID { allowed.append("\(owner) = \(self.value(.string(id.rawValue)))") }
        self.require(allowed.joined(separator: " OR "))
    }
}

extension SessionValue {
    /// The instant as seconds with exact decimals, to compare with an `expiration`.
    fileprivate static func seconds(_ instant: Timestamp) -> SessionValue {
        let fraction = instant.milliseconds - instant.seconds * 1000
        if fraction == 0 { return .number("\(instant.seconds)") }
        // Before 1970 the text would need borrowing; no clock says so.
        let digits = String(fraction)
        return .number("\(instant.seconds).\(String(repeating: "0", count: 3 - digits.count))\(digits)")
    }
}
