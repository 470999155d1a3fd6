import SessionStore

extension SessionStoreContract {
    static let sizes: [ContractCheck] = [
        ContractCheck("a session of 300 fields takes an update of 250") { run in
            let key = try run.session()
            let first = SessionData(uniqueKeysWithValues: (0..<300).map { ("field \($0)", .number(String($0))) })
            let second = SessionData(uniqueKeysWithValues: (100..<350).map { ("field \($0)", .string("\($0)")) })
            try await run.store.update(key, set: first)
            try await run.store.update(key, set: second)
            let session = try await run.store.session(key, consistency: .strong)
            run.expect(session?.data == first.merging(second) { $1 }, "fields were lost, or values of the first write came back")
        },
        ContractCheck("a session close to 400 KB comes back, more is refused and changes nothing") { run in
            let key = try run.session()
            let text = String(repeating: "0123456789", count: 39_000)
            let written = try await run.store.update(key, set: ["large": .string(text)])
            await run.refuses(.tooLarge, "a value above 400 KB") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["other": .string(text + text)])
            }
            await run.refuses(.tooLarge, "a field that makes the session exceed 400 KB") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["other": .string(String(repeating: "x", count: 30_000))])
            }
            let session = try await run.store.session(key, consistency: .strong)
            run.expect(session?.data == ["large": .string(text)], "the session is not as it was")
            run.expect(session?.version == written.version, "a refused write took a version")
        },
        ContractCheck("more than 400 KB is refused where a session begins, and begins none") { run in
            let text = SessionValue.string(String(repeating: "0123456789", count: 41_000))
            for (name, change) in [
                ("an update", SessionWrite.Change.update(set: ["large": text], remove: [])), ("a replacement", .replace(["large": text])),
            ] {
                let key = try run.session()
                await run.refuses(.tooLarge, name) { () throws(SessionStoreError) in try await run.store.write(SessionWrite(key, change)) }
                run.expect(try await run.store.session(key, consistency: .strong) == nil, "\(name) that was refused began a session")
            }
        },
        ContractCheck("names count: six of 60 KB fit, a seventh does not") { run in
            let key = try run.session()
            let names = (0..<7).map { String(repeating: "\($0)", count: 60_000) }
            let six = SessionData(uniqueKeysWithValues: names.prefix(6).map { ($0, 1) })
            try await run.store.update(key, set: six)
            await run.refuses(.tooLarge, "a seventh") { () throws(SessionStoreError) in try await run.store.update(key, set: [names[6]: 1])
            }
            run.expect(try await run.store.session(key, consistency: .strong)?.data == six, "the session is not as it was")
        },
    ]
}
