import SessionStore

extension SessionStoreContract {
    static let batches: [ContractCheck] = [
        ContractCheck("a batch has one answer for each key, whatever it is") { run in
            let (owner, other) = (try run.user(), try run.user())
            let keys = (live: try run.session(), owned: try run.session(), foreign: try run.session(), gone: try run.session())
            try await run.store.update(keys.live, set: ["name": "live"])
            try await run.store.update(keys.owned, set: ["name": "owned"], as: .user(owner))
            try await run.store.update(keys.foreign, set: ["name": "foreign"], as: .user(other))
            try await run.store.update(keys.gone, set: ["name": "gone"])
            try await run.store.delete(keys.gone)
            let never = try run.session()
            let memory = SessionKey.user(other)
            let all = [keys.live, keys.owned, keys.foreign, keys.gone, never, memory, keys.live]
            for consistency in [ReadConsistency.strong, .cached, .cached] {
                let answers = try await run.store.read(batch: all, as: .user(owner), consistency: consistency)
                run.expect(Set(answers.keys) == Set(all), "the answers are not for the keys that were asked")
                run.expect(Self.found(answers[keys.live])?.data == ["name": "live"], "the session without an owner is missing")
                run.expect(Self.found(answers[keys.owned])?.data == ["name": "owned"], "the caller's session is missing")
                for absent in [keys.gone, never] { run.expect(Self.isAbsent(answers[absent]), "a session that is not there was found") }
                for foreign in [keys.foreign, memory] {
                    run.expect(Self.code(answers[foreign]) == .notOwner, "what belongs to another user was not refused")
                }
            }
            run.expect(try await run.store.read(batch: [], as: .asOperator, consistency: .cached).isEmpty, "no key has an answer")
        },
        ContractCheck("a batch takes 130 keys") { run in
            var keys: [SessionKey] = []
            for _ in 0..<130 { keys.append(try run.session()) }
            for key in keys.prefix(3) { try await run.store.update(key, set: ["a": "1"]) }
            let answers = try await run.store.read(batch: keys, as: .anonymous, consistency: .cached)
            run.expect(answers.count == 130, "there are \(answers.count) answers")
            run.expect(answers.values.filter { Self.found($0) != nil }.count == 3, "not exactly the sessions that are there were found")
        },
        ContractCheck("a batch is as fresh as a read: it has every write that was acknowledged before it") { run in
            var keys: [SessionKey] = []
            for _ in 0..<5 { keys.append(try run.session()) }
            for round in 1...4 {
                for (turn, key) in keys.enumerated() {
                    try await run.store(turn + round).update(key, set: ["round": .number(String(round))])
                }
                try await run.store(round).delete(keys[0])
                let answers = try await run.store(round + 1).read(batch: keys, as: .anonymous, consistency: .cached)
                for key in keys.dropFirst() {
                    run.expect(
                        Self.found(answers[key])?.data == ["round": .number(String(round))], "a session is not as it was last written")
                }
                run.expect(Self.isAbsent(answers[keys[0]]), "a deleted session was found")
            }
        },
        ContractCheck("a batch of more than 16 MB comes whole") { run in
            let text = SessionValue.string(String(repeating: "0123456789", count: 39_000))
            var keys: [SessionKey] = []
            for _ in 0..<44 { keys.append(try run.session()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (turn, key) in keys.enumerated() {
                    if turn >= 8 { try await group.next() }
                    group.addTask { try await run.store(turn).update(key, set: ["large": text]) }
                }
                try await group.waitForAll()
            }
            let answers = try await run.store.read(batch: keys, as: .anonymous, consistency: .cached)
            let whole = keys.filter { Self.found(answers[$0])?.data == ["large": text] }
            let errors = Set(keys.compactMap { Self.code(answers[$0])?.label }).sorted()
            run.expect(whole.count == keys.count, "\(whole.count) of \(keys.count) sessions came, errors: \(errors)")
        },
    ]

    static func found(_ answer: Result<Session?, SessionStoreError>?) -> Session? {
        if case .success(let session?) = answer { session } else { nil }
    }

    static func isAbsent(_ answer: Result<Session?, SessionStoreError>?) -> Bool {
        if case .success(nil) = answer { true } else { false }
    }

    static func code(_ answer: Result<Session?, SessionStoreError>?) -> SessionStoreError.Code? {
        if case .failure(let error) = answer { error.code } else { nil }
    }
}
