import SessionStore

extension SessionStoreContract {
    static let deletion: [ContractCheck] = [
        ContractCheck("a deleted session is gone, and deleting it again changes nothing") { run in
            let key = try run.session()
            let written = try await run.store.update(key, set: ["a": "1"])
            _ = try await run.store.session(key)
            let deleted = try await run.store.delete(key)
            run.expect(deleted.changed && deleted.session == nil, "the deletion does not say what it did")
            run.expect(deleted.version.map { $0 > written.version ?? $0 } == true, "the deletion has no later version")
            for consistency in [ReadConsistency.cached, .strong, .cached] {
                run.expect(try await run.store.session(key, consistency: consistency) == nil, "it is still there")
            }
            let again = try await run.store.delete(key)
            run.expect(!again.changed && again.version == nil && again.session == nil, "a second deletion changed something")
            let never = try await run.store.delete(try run.session())
            run.expect(!never.changed && never.version == nil, "a deletion of nothing changed something")
        },
        ContractCheck("a touch does not bring a deleted session back") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["a": "1"])
            try await run.store.delete(key)
            let touched = try await run.store.touch(key)
            run.expect(!touched.changed && touched.session == nil, "the touch changed something")
            run.expect(try await run.store.session(key) == nil, "the session is back")
        },
        ContractCheck("a session created again begins anew, above its old versions") { run in
            for (name, change) in Self.changes where change != .touch && change != .delete {
                let key = try run.session()
                let (first, second) = (try run.user(), try run.user())
                try await run.store.update(key, set: ["old": run.secret("old"), "wallet": "old"], as: .user(first))
                let deleted = try await run.store.delete(key, as: .user(first))
                let created = try await run.store.write(SessionWrite(key, change, as: .user(second)))
                run.expect(created.session?.data == ["wallet": "other"], "\(name) finds \(Self.names(created.session))")
                run.expect(created.session?.owner == second, "\(name) does not belong to its writer")
                if let version = created.version, let before = deleted.version {
                    run.expect(version > before, "\(name) has a version below the deletion's")
                } else {
                    run.report("\(name) or the deletion before it has no version", at: "")
                }
                await run.refuses(.notOwner, "a read by the owner of before") { () throws(SessionStoreError) in
                    try await run.store.session(key, as: .user(first))
                }
            }
        },
        ContractCheck("versions go on through many deletions") { run in
            let key = try run.session()
            var last = SessionVersion(0)
            for round in 0..<5 {
                let written = try await run.store.update(key, set: ["round": .number(String(round))])
                let deleted = try await run.store.delete(key)
                for version in [written.version, deleted.version] {
                    run.expect(version.map { $0 > last } == true, "a version in round \(round) is not above the one before")
                    last = version ?? last
                }
            }
        },
        ContractCheck("a deleted memory can be begun again by its user") { run in
            let user = try run.user()
            let key = SessionKey.user(user)
            let first = try await run.store.update(key, set: ["a": "1"], as: .user(user))
            try await run.store.delete(key, as: .user(user))
            run.expect(try await run.store.session(key, as: .user(user)) == nil, "the memory is still there")
            let second = try await run.store.update(key, set: ["b": "2"], as: .user(user))
            run.expect(second.session?.data == ["b": "2"] && second.session?.owner == user, "it did not begin anew")
            run.expect(second.version.map { $0 > first.version ?? $0 } == true, "its version is below the old one")
        },
    ]
}
