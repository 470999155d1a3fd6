import SessionStore

extension SessionStoreContract {
    static let ownership: [ContractCheck] = [
        ContractCheck("an owned session answers its owner and operators, nobody else") { run in
            try await Self.matrix(
                run,
                create: { run, owner, _ in
                    let key = try run.session()
                    try await run.store.update(key, set: ["wallet": run.secret("w")], as: .user(owner))
                    return key
                })
        },
        ContractCheck("the memory of a user answers that user and operators, nobody else") { run in
            try await Self.matrix(
                run,
                create: { run, owner, writer in
                    let key = SessionKey.user(owner)
                    let result = try await run.store.replace(key, with: ["wallet": run.secret("w")], as: writer)
                    run.expect(result.session?.owner == owner, "the memory's owner is not its user")
                    return key
                })
        },
        ContractCheck("a memory that is not there is refused to others as well") { run in
            let key = SessionKey.user(try run.user())
            for caller in [Caller.anonymous, .user(try run.user())] {
                await run.refuses(.notOwner, "a read") { () throws(SessionStoreError) in try await run.store.session(key, as: caller) }
                for (name, change) in Self.changes {
                    await run.refuses(.notOwner, name) { () throws(SessionStoreError) in
                        try await run.store.write(SessionWrite(key, change, as: caller))
                    }
                }
            }
            run.expect(try await run.store.session(key, as: .asOperator) == nil, "a refused write created a memory")
        },
        ContractCheck("a session without an owner answers everybody") { run in
            for caller in [Caller.anonymous, .user(try run.user()), .asOperator] {
                for (name, change) in Self.changes {
                    let key = try run.session()
                    try await run.store.update(key, set: ["a": "1"])
                    run.expect(try await run.store.session(key, as: caller)?.data == ["a": "1"], "it was not found")
                    let result = try await run.store.write(SessionWrite(key, change, as: caller))
                    run.expect(result.changed, "\(name) changed nothing")
                }
            }
        },
        ContractCheck("what is not there is nobody's: whoever writes first begins it, and owns it if they have a name") { run in
            for isDeleted in [false, true] {
                for caller in [Caller.anonymous, .user(try run.user()), .asOperator] {
                    for (name, change) in Self.changes {
                        let key = try run.session()
                        if isDeleted {
                            let owner = Caller.user(try run.user())
                            try await run.store.update(key, set: ["a": "1"], as: owner)
                            try await run.store.delete(key, as: owner)
                        }
                        run.expect(try await run.store.session(key, as: caller) == nil, "a read found it")
                        let result = try await run.store.write(SessionWrite(key, change, as: caller))
                        let begins = change != .touch && change != .delete
                        run.expect(result.changed == begins, "\(name) of nothing changed \(begins ? "nothing" : "something")")
                        let session = try await run.store.session(key, as: .asOperator)
                        let isRight = begins ? session != nil && session?.owner == caller.userID : session == nil
                        run.expect(isRight, "\(name) did not begin it for its writer, or began it")
                    }
                }
            }
        },
    ]

    /// Every kind of write.
    static let changes: [(String, SessionWrite.Change)] = [
        ("an update", .update(set: ["wallet": "other"], remove: [])), ("a replacement", .replace(["wallet": "other"])), ("a touch", .touch),
        ("a deletion", .delete),
    ]

    /// Every caller with every call, from the source of truth and after the owner's read has warmed a cache.
    private static func matrix(
        _ run: ContractRun, create: (ContractRun, UserID, Caller) async throws -> SessionKey
    ) async throws {
        for caller in [Caller.anonymous, .user(try run.user())] {
            let owner = try run.user()
            let key = try await create(run, owner, .user(owner))
            let before = try await run.store.session(key, as: .user(owner), consistency: .strong)
            run.expect(before?.owner == owner, "the owner does not find it")
            for turn in 0..<2 {
                for consistency in [ReadConsistency.cached, .strong] {
                    await run.refuses(.notOwner, "a \(consistency) read") { () throws(SessionStoreError) in
                        try await run.store(turn).session(key, as: caller, consistency: consistency)
                    }
                    let batch = try await run.store(turn).read(batch: [key], as: caller, consistency: consistency)
                    run.expect(Self.code(batch[key]) == .notOwner, "a \(consistency) batch did not refuse it")
                }
                for (name, change) in Self.changes {
                    await run.refuses(.notOwner, name) { () throws(SessionStoreError) in
                        try await run.store(turn).write(SessionWrite(key, change, as: caller))
                    }
                }
                // The refused writes changed nothing; for the second turn the session is in the cache.
                let after = try await run.store(turn).session(key, as: .user(owner))
                run.expect(after?.data == before?.data && after?.version == before?.version, "a refused write changed something")
                run.expect(after?.expiration == before?.expiration, "a refused write changed the expiration")
            }
        }
        try await Self.admitted(run, create: create)
    }

    private static func admitted(
        _ run: ContractRun, create: (ContractRun, UserID, Caller) async throws -> SessionKey
    ) async throws {
        for isOperator in [false, true] {
            for (name, change) in Self.changes {
                let owner = try run.user()
                let caller = isOperator ? Caller.asOperator : .user(owner)
                let key = try await create(run, owner, isOperator ? .asOperator : caller)
                for consistency in [ReadConsistency.cached, .cached, .strong] {
                    let session = try await run.store.session(key, as: caller, consistency: consistency)
                    run.expect(
                        session?.owner == owner, "a \(consistency) read by \(isOperator ? "an operator" : "the owner") found nothing")
                }
                let result = try await run.store.write(SessionWrite(key, change, as: caller))
                run.expect(result.changed, "\(name) by \(isOperator ? "an operator" : "the owner") changed nothing")
                let session = try await run.store.session(key, as: .user(owner))
                run.expect(change == .delete ? session == nil : session?.owner == owner, "\(name) took the session from its owner")
            }
        }
    }
}
