import SessionStore

extension SessionStoreContract {
    /// More awaits than any call has.
    private static let points = 64

    static let cancellation: [ContractCheck] = [
        ContractCheck("a write that is cancelled at any of its awaits was made, or never will be, or says that it does not know") { run in
            let changes: [SessionWrite.Change] = [.update(set: ["new": "1"], remove: []), .replace(["new": "1"]), .delete]
            for change in changes {
                for point in 0..<Self.points {
                    guard try await Self.cancelledWrite(change, at: point, run) else { break }
                }
            }
        },
        ContractCheck("a read that is cancelled at any of its awaits answers truly or throws .cancelled") { run in
            let key = try run.session()
            let written = try await run.store.update(key, set: ["a": "1"])
            for consistency in [ReadConsistency.strong, .cached] {
                for point in 0..<Self.points {
                    let (answer, wasCancelled) = await StepExecutor.run(cancellingAt: point) {
                        await Self.result { () throws(SessionStoreError) in
                            try await run.store(point).session(key, consistency: consistency)
                        }
                    }
                    Self.expectTruth(answer, written.version, "a \(consistency) read cancelled at point \(point)", run)
                    guard wasCancelled else { break }
                }
            }
            run.expect(try await run.store.session(key)?.version == written.version, "a later read does not find the session")
        },
        ContractCheck("a batch that is cancelled at any of its awaits answers truly or throws .cancelled") { run in
            let keys = [try run.session(), try run.session()]
            var versions: [SessionKey: SessionVersion] = [:]
            for key in keys { versions[key] = try await run.store.update(key, set: ["a": "1"]).version }
            for point in 0..<Self.points {
                let (answer, wasCancelled) = await StepExecutor.run(cancellingAt: point) {
                    await Self.result { () throws(SessionStoreError) in
                        try await run.store.read(batch: keys, as: .anonymous, consistency: .cached)
                    }
                }
                switch answer {
                case .success(let answers):
                    for key in keys {
                        let found = answers[key] ?? .success(nil)
                        Self.expectTruth(found, versions[key], "a batch cancelled at point \(point)", run)
                    }
                case .failure(let error): run.expect(error.code == .cancelled, "a cancelled batch threw \(error)")
                }
                guard wasCancelled else { break }
            }
        },
        ContractCheck("a cancelled caller gets an answer or .cancelled, and the store goes on") { run in
            let key = try run.session()
            try await run.store.update(key, set: ["kept": "1"])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do throws(SessionStoreError) {
                            if number.isMultiple(of: 2) {
                                _ = try await run.store(number).session(key)
                            } else {
                                _ = try await run.store(number).update(key, set: ["n\(number)": "1"])
                            }
                        } catch {
                            let isRight = [SessionStoreError.Code.cancelled, .outcomeUnknown, .conflict].contains(error.code)
                            run.expect(isRight, "a cancelled call threw \(error)")
                        }
                    }
                }
                group.cancelAll()
            }
            let after = try await run.store.update(key, set: ["after": "1"])
            run.expect(after.session?.data["kept"] == "1" && after.session?.data["after"] == "1", "the session is damaged")
            run.expect(try await run.store.session(key)?.version == after.version, "a read does not see the last write")
        },
    ]

    /// Makes a change of a session and cancels it at that point. False when it ended before.
    private static func cancelledWrite(_ change: SessionWrite.Change, at point: Int, _ run: ContractRun) async throws -> Bool {
        let key = try run.session()
        let before = try await run.store.update(key, set: ["kept": "1"])
        let (outcome, wasCancelled) = await StepExecutor.run(cancellingAt: point) {
            await Self.result { () throws(SessionStoreError) in try await run.store.write(SessionWrite(key, change)) }
        }
        let after = try await run.store.session(key, consistency: .strong)
        let expected: SessionData? =
            switch change {
            case .update(let set, _): set.merging(["kept": "1"]) { $1 }
            case .replace(let data): data
            case .touch: ["kept": "1"]
            case .delete: nil
            }
        let isUntouched = after?.version == before.version && after?.data == ["kept": "1"]
        switch outcome {
        case .success(let result):
            run.expect(result.changed && after?.data == expected, "acknowledged when cancelled at point \(point), and not kept")
        case .failure(let error) where error.code == .cancelled:
            run.expect(isUntouched, "threw .cancelled at point \(point), and the session was changed")
        case .failure(let error) where error.code == .outcomeUnknown:
            run.expect(isUntouched || after?.data == expected, "after an unknown outcome at point \(point) it has \(Self.names(after))")
        case .failure(let error): run.report("cancelled at point \(point) it threw \(error)", at: "")
        }
        // An attempt that is still on its way may win against this one.
        let next = try await run.persistently { () throws(SessionStoreError) in try await run.store.update(key, set: ["next": "1"]) }
        run.expect(next.session?.data["next"] == "1", "the write after it was not kept")
        run.expect(
            try await run.store.session(key).map { $0.version ?? SessionVersion(0) >= next.version ?? SessionVersion(0) } == true,
            "a cached read is older than the write after it")
        return wasCancelled
    }

    private static func expectTruth(
        _ answer: Result<Session?, SessionStoreError>, _ version: SessionVersion?, _ what: String, _ run: ContractRun
    ) {
        switch answer {
        case .success(let session): run.expect(session?.version == version && session != nil, "\(what) answered something else")
        case .failure(let error): run.expect(error.code == .cancelled, "\(what) threw \(error)")
        }
    }

    private static func result<Answer>(
        _ call: () async throws(SessionStoreError) -> Answer
    ) async -> Result<Answer, SessionStoreError> {
        do throws(SessionStoreError) {
            return .success(try await call())
        } catch {
            return .failure(error)
        }
    }
}
