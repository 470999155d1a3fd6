import SessionStore

extension SessionStoreContract {
    static let claims: [ContractCheck] = [
        ContractCheck("the first write of a user claims a session without an owner") { run in
            for (name, change) in Self.changes where change != .touch && change != .delete {
                let key = try run.session()
                let user = try run.user()
                try await run.store.update(key, set: ["a": "1"])
                let result = try await run.store.write(SessionWrite(key, change, as: .user(user)))
                run.expect(result.session?.owner == user, "\(name) did not claim it")
                await run.refuses(.notOwner, "a read by nobody after the claim") { () throws(SessionStoreError) in
                    try await run.store.session(key)
                }
            }
        },
        ContractCheck("reads, touches and operators claim nothing") { run in
            let key = try run.session()
            let user = Caller.user(try run.user())
            try await run.store.update(key, set: ["a": "1"])
            _ = try await run.store.session(key, as: user)
            run.expect(try await run.store.touch(key, as: user).session?.owner == nil, "a touch claimed it")
            run.expect(try await run.store.update(key, set: ["a": "2"], as: .asOperator).session?.owner == nil, "an operator claimed it")
            run.expect(try await run.store.session(key)?.data == ["a": "2"], "it no longer answers everybody")
        },
        ContractCheck("of many users who write first at once, one gets the session and the others are refused") { run in
            for exists in [false, true] {
                let key = try run.session()
                if exists { try await run.store.update(key, set: ["before": "1"]) }
                var users: [UserID] = []
                for _ in 0..<8 { users.append(try run.user()) }
                let winners = await withTaskGroup(of: UserID?.self) { group in
                    for (turn, user) in users.enumerated() {
                        group.addTask { await Self.claim(key, by: user, turn: turn, run) }
                    }
                    return await group.reduce(into: [UserID]()) { winners, winner in
                        if let winner { winners.append(winner) }
                    }
                }
                run.expect(winners.count == 1, "\(winners.count) users were told that the session is theirs")
                let session = try await run.store.session(key, as: .asOperator, consistency: .strong)
                run.expect(session?.owner == winners.first, "the session is not the winner's")
                let fields = Set(session?.data.keys.map { $0 } ?? []).subtracting(["before"])
                run.expect(fields == Set(winners.map(\.rawValue)), "the session holds a loser's field")
            }
        },
    ]

    /// The user, if the session is theirs afterwards.
    private static func claim(_ key: SessionKey, by user: UserID, turn: Int, _ run: ContractRun) async -> UserID? {
        do throws(SessionStoreError) {
            let result = try await run.persistently { () throws(SessionStoreError) in
                try await run.store(turn).update(key, set: [user.rawValue: true], as: .user(user))
            }
            run.expect(result.session?.owner == user, "a write was acknowledged with another owner")
            return user
        } catch {
            run.expect(error.code == .notOwner, "a loser got \(error)")
            return nil
        }
    }
}
