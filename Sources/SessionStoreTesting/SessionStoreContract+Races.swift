import SessionStore

extension SessionStoreContract {
    static let races: [ContractCheck] = [
        ContractCheck("fields that different writers set at once all survive, each write with a version of its own") { run in
            for exists in [false, true] {
                let key = try run.session()
                if exists { try await run.store.update(key, set: ["before": "1"]) }
                let versions = try await withThrowingTaskGroup(of: SessionVersion?.self) { group in
                    for writer in 0..<12 {
                        group.addTask {
                            try await run.persistently { () throws(SessionStoreError) in
                                try await run.store(writer).update(key, set: ["field \(writer)": .number(String(writer))])
                            }.version
                        }
                    }
                    return try await group.reduce(into: [SessionVersion]()) { versions, version in
                        if let version { versions.append(version) }
                    }
                }
                run.expect(Set(versions).count == 12, "12 writes have \(Set(versions).count) versions")
                let session = try await run.store.session(key, consistency: .strong)
                let fields = (0..<12).filter { session?.data["field \($0)"] == .number(String($0)) }
                run.expect(fields.count == 12, "\(12 - fields.count) of 12 fields were lost")
                run.expect(!exists || session?.data["before"] == "1", "the field of before was lost")
                run.expect(session?.version == versions.max(), "the session's version is not that of the last write")
                let cached = try await run.store.session(key)
                run.expect(cached?.version == session?.version, "a cached read has another version")
            }
        },
        ContractCheck("setting a field and removing another at once keeps both changes") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["removed": "1", "changed": "1"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await run.persistently { () throws(SessionStoreError) in
                        try await run.store(0).update(key, remove: ["removed"])
                    }
                }
                group.addTask {
                    _ = try await run.persistently { () throws(SessionStoreError) in
                        try await run.store(1).update(key, set: ["changed": "2"])
                    }
                }
                try await group.waitForAll()
            }
            let session = try await run.store.session(key, consistency: .strong)
            run.expect(session?.data == ["changed": "2"], "the session has \(Self.names(session))")
        },
        ContractCheck("a deletion and an update at once leave nothing, or the update alone") { run in
            for _ in 0..<5 {
                let key = try run.session()
                try await run.store.update(key, set: ["old": "1"])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try await run.persistently { () throws(SessionStoreError) in try await run.store(0).delete(key) }
                    }
                    group.addTask {
                        _ = try await run.persistently { () throws(SessionStoreError) in
                            try await run.store(1).update(key, set: ["new": "1"])
                        }
                    }
                    try await group.waitForAll()
                }
                let session = try await run.store.session(key, consistency: .strong)
                run.expect(session == nil || session?.data == ["new": "1"], "the session has \(Self.names(session))")
            }
        },
        ContractCheck("one who reads while others write never sees a version go back") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["n": 0])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in 0..<3 {
                    group.addTask {
                        var last = SessionVersion(0)
                        for _ in 0..<10 {
                            guard let version = try await run.store(reader).session(key, consistency: .strong)?.version else {
                                return run.report("a reader does not find the session", at: "")
                            }
                            run.expect(version >= last, "a reader saw an older version after a newer one")
                            last = version
                        }
                    }
                }
                for writer in 0..<2 {
                    group.addTask {
                        for number in 0..<5 {
                            _ = try await run.persistently { () throws(SessionStoreError) in
                                try await run.store(writer).update(key, set: ["n": .number(String(number))])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
        ContractCheck("a write that was acknowledged is read by everybody, cached or not") { run in
            let key = try run.session()
            for round in 0..<6 {
                let written = try await run.store(round).update(key, set: ["round": .number(String(round))])
                guard let version = written.version else { return run.report("a write has no version", at: "") }
                for reader in 0..<2 {
                    for consistency in [ReadConsistency.cached, .strong] {
                        let read = try await run.store(reader).session(key, consistency: consistency)
                        run.expect(read?.version.map { $0 >= version } == true, "a \(consistency) read is older than an acknowledged write")
                    }
                }
            }
        },
    ]
}
