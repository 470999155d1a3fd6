import SessionStore

extension SessionStoreContract {
    static let expiry: [ContractCheck] = [
        ContractCheck("a session ends at its expiration, to the second, for every reader", needsAdvance: true) { run in
            let key = try run.session()
            let owner = try run.user()
            let written = try await run.store.update(key, set: ["a": "1"], as: .user(owner))
            guard let expiration = written.session?.expiration else { return run.report("there is no expiration", at: "") }
            try await run.advance(by: expiration - run.now - .milliseconds(1))
            for consistency in [ReadConsistency.cached, .strong] {
                let session = try await run.store.session(key, as: .user(owner), consistency: consistency)
                run.expect(session?.data == ["a": "1"], "a \(consistency) read misses it a millisecond before its end")
            }
            try await run.advance(by: .milliseconds(1))
            for caller in [Caller.user(owner), .asOperator, .anonymous, .user(try run.user())] {
                for consistency in [ReadConsistency.cached, .strong] {
                    let session = try await run.store.session(key, as: caller, consistency: consistency)
                    run.expect(session == nil, "a \(consistency) read still finds it at its end")
                    let batch = try await run.store.read(batch: [key], as: caller, consistency: consistency)
                    run.expect(batch[key] == .success(nil), "a batch still finds it at its end")
                }
            }
        },
        ContractCheck("nothing revives an ended session", needsAdvance: true) { run in
            for (name, change) in Self.changes {
                let key = try run.session()
                let (first, second) = (try run.user(), try run.user())
                let before = try await run.store.update(key, set: ["old": run.secret("old")], as: .user(first))
                try await run.advance(by: run.subject.timeToLive + .seconds(1))
                let result = try await run.store.write(SessionWrite(key, change, as: .user(second)))
                let after = try await run.store.session(key, as: .user(second), consistency: .strong)
                run.expect(after?.data["old"] == nil, "\(name) brought the old fields back")
                if change == .touch || change == .delete {
                    run.expect(!result.changed && result.version == nil && after == nil, "\(name) changed something")
                } else {
                    run.expect(after?.data == ["wallet": "other"] && after?.owner == second, "\(name) did not begin a new session")
                    run.expect(result.version.map { $0 > before.version ?? $0 } == true, "\(name) has a version below the old one")
                }
            }
        },
        ContractCheck("a touch and a write extend a session, a read does not", needsAdvance: true) { run in
            let part = run.subject.timeToLive / 4 * 3
            let (touched, written, read) = (try run.session(), try run.session(), try run.session())
            for key in [touched, written, read] { try await run.store.update(key, set: ["a": "1"]) }
            try await run.advance(by: part)
            run.expect(try await run.store.touch(touched).changed, "the touch changed nothing")
            try await run.store.update(written, set: ["b": "2"])
            run.expect(try await run.store.session(read) != nil, "a session ended early")
            try await run.advance(by: part)
            run.expect(try await run.store.session(touched)?.data == ["a": "1"], "the touched session has ended")
            run.expect(try await run.store.session(written)?.data == ["a": "1", "b": "2"], "the written session has ended")
            run.expect(try await run.store.session(read) == nil, "the session that was only read lives on")
        },
        ContractCheck("the memory of a user ends as well, and begins again above its old versions", needsAdvance: true) { run in
            let user = try run.user()
            let before = try await run.store.update(.user(user), set: ["a": "1"], as: .user(user))
            try await run.advance(by: run.subject.timeToLive + .seconds(1))
            run.expect(try await run.store.session(.user(user), as: .user(user)) == nil, "it is still there")
            let after = try await run.store.update(.user(user), set: ["b": "2"], as: .user(user))
            run.expect(after.session?.data == ["b": "2"], "old fields came back")
            run.expect(after.version.map { $0 > before.version ?? $0 } == true, "its version is below the old one")
        },
    ]
}
