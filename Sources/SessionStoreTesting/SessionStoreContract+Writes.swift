import SessionStore

extension SessionStoreContract {
    static let writes: [ContractCheck] = [
        ContractCheck("an update sets and removes its fields and leaves the others") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["kept": "1", "changed": "1", "removed": "1"])
            let result = try await run.store.update(key, set: ["changed": "2", "new": "2"], remove: ["removed", "never there"])
            let expected: SessionData = ["kept": "1", "changed": "2", "new": "2"]
            run.expect(result.session?.data == expected, "the answer is \(Self.names(result.session))")
            let read = try await run.store.session(key)
            run.expect(read?.data == expected, "the session has \(Self.names(read))")
        },
        ContractCheck("a replacement leaves no field of before") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["before": "1", "both": "1"])
            let result = try await run.store.replace(key, with: ["both": "2", "after": "2"])
            run.expect(result.session?.data == ["both": "2", "after": "2"], "the answer has \(Self.names(result.session))")
            let read = try await run.store.session(key)
            run.expect(read?.data == ["both": "2", "after": "2"], "the session has \(Self.names(read))")
            let emptied = try await run.store.replace(key, with: [:])
            run.expect(emptied.session?.data == [:], "a replacement by nothing leaves \(Self.names(emptied.session))")
        },
        ContractCheck("an update of nothing creates an empty session") { run in
            let key = try run.session()
            let result = try await run.store.update(key, remove: ["nothing"])
            run.expect(result.changed && result.session?.data == [:], "the answer has \(Self.names(result.session))")
            run.expect(try await run.store.session(key) != nil, "there is no session")
        },
        ContractCheck("the answer of a write is what the next read says") { run in
            let key = try run.session()
            let user = Caller.user(try run.user())
            for write in 1...3 {
                let result = try await run.store.update(key, set: ["n": .number(String(write))], as: user)
                for consistency in [ReadConsistency.cached, .strong] {
                    let read = try await run.store.session(key, as: user, consistency: consistency)
                    run.expect(read?.data == result.session?.data, "the data differ after write \(write)")
                    run.expect(read?.owner == user.userID && result.session?.owner == user.userID, "the owner differs after write \(write)")
                    run.expect(read?.version == result.version && result.session?.version == result.version, "the version differs")
                    run.expect(read?.expiration == result.session?.expiration, "the expiration differs after write \(write)")
                    run.expect(read?.key == key && result.session?.key == key, "the key differs after write \(write)")
                }
            }
        },
        ContractCheck("each write takes the next version, and creation begins with the time") { run in
            let key = try run.session()
            let before = run.now
            var last = SessionVersion(before.milliseconds - 5000)
            for change in [SessionWrite.Change.update(set: [:], remove: []), .replace([:]), .touch, .update(set: ["a": "1"], remove: [])] {
                let result = try await run.store.write(SessionWrite(key, change))
                guard let version = result.version else { return run.report("a write that changed something has no version", at: "") }
                run.expect(version > last, "the version does not grow")
                last = version
            }
        },
        ContractCheck("a write lets the session live for the full time, in whole seconds") { run in
            let key = try run.session()
            for change in [SessionWrite.Change.update(set: ["a": "1"], remove: []), .replace([:]), .touch] {
                let earliest = run.now + run.subject.timeToLive
                let expiration = try await run.store.write(SessionWrite(key, change)).session?.expiration
                let latest = run.now + run.subject.timeToLive
                guard let expiration else { return run.report("a written session has no expiration", at: "") }
                run.expect(expiration.milliseconds % 1000 == 0, "the expiration is not in whole seconds")
                run.expect(
                    expiration >= earliest - .seconds(2) && expiration <= latest + .seconds(2), "the expiration is not a time to live away")
            }
        },
        ContractCheck("a touch changes no field and creates nothing") { run in
            let key = try run.session()
            let nothing = try await run.store.touch(key)
            run.expect(!nothing.changed && nothing.session == nil && nothing.version == nil, "a touch of nothing changed something")
            run.expect(try await run.store.session(key) == nil, "a touch created a session")
            let written = try await run.store.update(key, set: Self.allTypes)
            let touched = try await run.store.touch(key)
            run.expect(touched.changed, "a touch of a live session changed nothing")
            run.expect(touched.session?.data == Self.allTypes, "a touch changed fields")
            run.expect(touched.session?.createdAt == written.session?.createdAt, "a touch changed the time of creation")
            run.expect(try await run.store.session(key)?.data == Self.allTypes, "a touch changed fields")
        },
        ContractCheck("a wrong basis decides nothing") { run in
            let bases: [SessionWrite.Basis] = [
                .unknown, .absent, .live(nil), .live(SessionVersion(1)), .deleted(SessionVersion(1)), .live(SessionVersion(.max)),
                .deleted(SessionVersion(.max - 1)),
            ]
            for basis in bases {
                let key = try run.session()
                for number in ["1", "2"] {
                    let update = SessionWrite.Change.update(set: [number: "set"], remove: [])
                    _ = try await run.store.write(SessionWrite(key, update, basis: basis))
                }
                let read = try await run.store.session(key, consistency: .strong)
                run.expect(read?.data == ["1": "set", "2": "set"], "with \(basis) the session has \(Self.names(read))")
                _ = try await run.store.write(SessionWrite(key, .delete, basis: basis))
                run.expect(try await run.store.session(key, consistency: .strong) == nil, "with \(basis) the session was not deleted")
            }
        },
        ContractCheck("what comes before an attempt may end the write") { run in
            let key = try run.session()
            var write = SessionWrite(key, .update(set: ["a": "1"], remove: []))
            write.beforeAttempt = { () throws(SessionStoreError) in throw SessionStoreError(.cancelled, "the contract ends this write") }
            await run.refuses(.cancelled, "a write that was ended before its first attempt") { [write] () throws(SessionStoreError) in
                try await run.store.write(write)
            }
            run.expect(try await run.store.session(key, consistency: .strong) == nil, "the write that was ended is kept")
        },
        ContractCheck("a field that is a map is replaced whole, not merged") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["map": .map(["before": 1, "both": 1]), "list": .list([1, 2, 3])])
            let result = try await run.store.update(key, set: ["map": .map(["both": 2]), "list": .list([4])])
            let expected: SessionData = ["map": .map(["both": 2]), "list": .list([4])]
            run.expect(result.session?.data == expected, "the answer mixes the values")
            run.expect(try await run.store.session(key)?.data == expected, "the session mixes the values")
        },
    ]

    static func names(_ session: Session?) -> String {
        session.map { $0.data.keys.sorted().joined(separator: ", ") } ?? "no session"
    }
}
