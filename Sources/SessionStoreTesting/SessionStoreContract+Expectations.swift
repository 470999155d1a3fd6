import SessionStore

extension SessionStoreContract {
    static let expectations: [ContractCheck] = [
        ContractCheck("a write that expects another version, or none, changes nothing") { run in
            let key = try run.session()
            let first = try await run.store.update(key, set: ["a": "1"]).session
            let second = try await run.store.update(key, set: ["a": "2"]).session
            for expectation in [SessionWrite.Expectation.absent, .version(nil), .init(first)] {
                for change in [SessionWrite.Change.update(set: ["a": "3"], remove: []), .replace([:]), .touch, .delete] {
                    await run.refuses(.conflict, "a write that expects what is not so") { () throws(SessionStoreError) in
                        try await run.store.write(SessionWrite(key, change, onlyIf: expectation))
                    }
                }
            }
            let session = try await run.store.session(key, consistency: .strong)
            run.expect(session?.data == ["a": "2"] && session?.version == second?.version, "a write that was refused was made")
            let write = SessionWrite(key, .update(set: ["b": "1"], remove: []), onlyIf: .init(second))
            let kept = try await run.store.write(write).session
            run.expect(kept?.data == ["a": "2", "b": "1"], "a write that expects what is so was not made")
        },
        ContractCheck("a write that expects no session begins one, and one that expects a session does not") { run in
            let key = try run.session()
            let change = SessionWrite.Change.update(set: ["a": "1"], remove: [])
            await run.refuses(.conflict, "a write that expects a session") { () throws(SessionStoreError) in
                try await run.store.write(SessionWrite(key, change, onlyIf: .version(SessionVersion(1))))
            }
            run.expect(try await run.store.session(key, consistency: .strong) == nil, "a write that was refused was made")
            let begun = try await run.store.write(SessionWrite(key, change, onlyIf: .absent))
            run.expect(begun.session?.data == ["a": "1"], "a write that expects no session was not made")
        },
        ContractCheck("of many writers who expect the same session, one writes") { run in
            for exists in [false, true] {
                let key = try run.session()
                let seen = exists ? try await run.store.update(key, set: ["before": "1"]).session : nil
                let outcomes = try await withThrowingTaskGroup(of: SessionStoreError.Code?.self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            let change = SessionWrite.Change.update(set: ["writer \(writer)": "1"], remove: [])
                            do throws(SessionStoreError) {
                                _ = try await run.store(writer).write(SessionWrite(key, change, onlyIf: SessionWrite.Expectation(seen)))
                                return nil
                            } catch {
                                // Throttled: nothing was kept either.
                                guard error.code == .conflict || error.code == .throttled else { throw error }
                                return error.code
                            }
                        }
                    }
                    return try await group.reduce(into: []) { outcomes, outcome in outcomes.append(outcome) }
                }
                let written = outcomes.filter { $0 == nil }.count
                run.expect(written == 1 || (written == 0 && outcomes.contains(.throttled)), "\(written) of 8 writers had their way")
                let session = try await run.store.session(key, consistency: .strong)
                let fields = session?.data.keys.filter { $0.hasPrefix("writer") }.count
                run.expect((fields ?? 0) == written, "\(written) of 8 writers had their way, \(fields ?? 0) left a field")
            }
        },
    ]
}
