import SessionStore

extension SessionStoreContract {
    static let refusals: [ContractCheck] = [
        ContractCheck("what an item cannot hold is refused with a sentence, and nothing is written") { run in
            let key = try run.session()
            let before = try await run.store.update(key, set: ["kept": "1"])
            for (name, value) in Self.impossible {
                await run.refuses(.invalidValue, "an update with \(name)") { () throws(SessionStoreError) in
                    try await run.store.update(key, set: ["new": "1", "impossible": value])
                }
                await run.refuses(.invalidValue, "a replacement with \(name) inside a list") { () throws(SessionStoreError) in
                    try await run.store.replace(key, with: ["impossible": .list([value])])
                }
            }
            let after = try await run.store.session(key, consistency: .strong)
            run.expect(after?.data == ["kept": "1"], "the session has \(Self.names(after))")
            run.expect(after?.version == before.version, "a refused write took a version")
        },
        ContractCheck("impossible names and contradictions are refused") { run in
            let key = try run.session()
            await run.refuses(.invalidValue, "an empty name") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["": "1"])
            }
            await run.refuses(.invalidValue, "an empty name in a replacement") { () throws(SessionStoreError) in
                try await run.store.replace(key, with: ["": "1"])
            }
            await run.refuses(.invalidValue, "an empty name to remove") { () throws(SessionStoreError) in
                try await run.store.update(key, remove: [""])
            }
            await run.refuses(.invalidValue, "an empty name inside a map") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["map": .map(["": "1"])])
            }
            await run.refuses(.invalidValue, "a name with U+0000") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["a\u{0}b": "1"])
            }
            await run.refuses(.invalidValue, "a name of 65,536 bytes") { () throws(SessionStoreError) in
                try await run.store.update(key, set: [String(repeating: "n", count: 65_536): "1"])
            }
            await run.refuses(.invalidValue, "a field both set and removed") { () throws(SessionStoreError) in
                try await run.store.update(key, set: ["a": "1"], remove: ["a"])
            }
            run.expect(try await run.store.session(key, consistency: .strong) == nil, "a refused write created a session")
        },
    ]

    private static let impossible: [(String, SessionValue)] = [
        ("an empty set of texts", .stringSet([])), ("an empty set of numbers", .numberSet([])), ("an empty set of bytes", .binarySet([])),
        ("a number without digits", .number("")), ("a number in words", .number("twelve")), ("a hexadecimal number", .number("0x10")),
        ("an infinite number", .number("Infinity")), ("no number", .number("NaN")), ("a number with a space", .number("1 ")),
        ("a number of 39 digits", .number(String(repeating: "9", count: 39))), ("a number too large", .number("1e126")),
        ("a number too small", .number("1e-131")), ("one number spelled twice", .numberSet(["1", "1.0"])),
        ("a wrong number inside a map", .map(["n": .number("1,5")])), ("lists nested 40 levels deep", Self.nested(40)),
    ]

    private static func nested(_ levels: Int) -> SessionValue {
        (0..<levels).reduce(SessionValue.null) { value, _ in .list([value]) }
    }
}
