import SessionStore

extension SessionStoreContract {
    static let outages: [ContractCheck] = [
        ContractCheck("an outage throws, and never looks like no session", needsOutage: true) { run in
            let (known, unread, never) = (try run.session(), try run.session(), try run.session())
            let written = try await run.store.update(known, set: ["a": "1"])
            try await run.store.update(unread, set: ["a": "1"])
            _ = try await run.store.session(known)
            try await run.outage {
                for key in [known, unread, never] {
                    await Self.throwsOutage("a strong read", run) { () throws(SessionStoreError) in
                        try await run.store.session(key, consistency: .strong)
                    }
                    await Self.throwsOutageOrKnows("a cached read", key == never ? nil : ["a": "1"], run) { () throws(SessionStoreError) in
                        try await run.store.session(key)
                    }
                }
                await Self.batchInOutage([known, unread, never], run)
            }
            run.expect(try await run.store.session(known, consistency: .strong)?.version == written.version, "the session is not as before")
            run.expect(try await run.store.session(unread)?.data == ["a": "1"], "a session is gone after the outage")
            run.expect(try await run.store.session(never) == nil, "a session that nobody wrote is there after the outage")
        },
        ContractCheck("a write in an outage throws, and what failed for certain is never kept", needsOutage: true) { run in
            for (name, change) in Self.changes {
                let key = try run.session()
                let before = try await run.store.update(key, set: ["a": "1"])
                var isUnknown = false
                try await run.outage {
                    do throws(SessionStoreError) {
                        _ = try await run.store.write(SessionWrite(key, change))
                        run.report("\(name) was acknowledged", at: "")
                    } catch {
                        isUnknown = error.code == .outcomeUnknown
                        run.expect(isUnknown || error.isTransient, "\(name) threw \(error)")
                    }
                }
                let after = try await run.store.session(key, consistency: .strong)
                run.expect(isUnknown || after?.version == before.version && after?.data == ["a": "1"], "\(name) failed, and was kept")
                let next = try await run.persistently { () throws(SessionStoreError) in try await run.store.update(key, set: ["b": "2"]) }
                run.expect(next.session?.data["b"] == "2", "a write after the outage is not kept")
                run.expect(try await run.store.session(key)?.version == next.version, "a read after the outage does not see it")
            }
        },
        ContractCheck("no outage brings an ended session back", needsAdvance: true, needsOutage: true) { run in
            let key = try run.session()
            try await run.store.update(key, set: ["a": "1"])
            _ = try await run.store.session(key)
            try await run.advance(by: run.subject.timeToLive + .seconds(1))
            try await run.outage {
                for consistency in [ReadConsistency.cached, .strong] {
                    do throws(SessionStoreError) {
                        let found = try await run.store.session(key, consistency: consistency)
                        run.expect(found == nil, "a \(consistency) read found it")
                    } catch {
                        run.expect(error.isTransient, "a \(consistency) read threw \(error)")
                    }
                }
            }
        },
    ]

    private static func throwsOutage<Answer>(
        _ what: String, _ run: ContractRun, _ call: () async throws(SessionStoreError) -> Answer
    ) async {
        do throws(SessionStoreError) {
            _ = try await call()
            run.report("\(what) was answered", at: "")
        } catch {
            run.expect(error.isTransient, "\(what) threw \(error)")
        }
    }

    /// A cache may know the session, and may not know that there is none: nobody ever asked.
    private static func throwsOutageOrKnows(
        _ what: String, _ data: SessionData?, _ run: ContractRun, _ call: () async throws(SessionStoreError) -> Session?
    ) async {
        do throws(SessionStoreError) {
            guard let session = try await call() else { return run.report("\(what) answered that there is no session", at: "") }
            run.expect(session.data == data, "\(what) answered something else")
            run.expect(session.origin != .table, "\(what) says that the table answered")
        } catch {
            run.expect(error.isTransient, "\(what) threw \(error)")
        }
    }

    private static func batchInOutage(_ keys: [SessionKey], _ run: ContractRun) async {
        for consistency in [ReadConsistency.strong, .cached] {
            do throws(SessionStoreError) {
                let answers = try await run.store.read(batch: keys, as: .anonymous, consistency: consistency)
                for key in keys {
                    switch answers[key] {
                    case .success(nil), nil: run.report("a \(consistency) batch answered that there is no session", at: "")
                    case .success(let session?):
                        run.expect(
                            consistency == .cached && session.origin != .table, "a \(consistency) batch says that the table answered")
                    case .failure(let error): run.expect(error.isTransient, "a \(consistency) batch has \(error)")
                    }
                }
            } catch {
                run.expect(error.isTransient, "a \(consistency) batch threw \(error)")
            }
        }
    }
}
