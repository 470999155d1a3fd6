import SessionStore

extension SessionStoreContract {
    static let values: [ContractCheck] = [
        ContractCheck("what is not there is nil for everyone") { run in
            let key = try run.session()
            for caller in [Caller.anonymous, .user(try run.user()), .asOperator] {
                for consistency in [ReadConsistency.cached, .strong] {
                    let session = try await run.store.session(key, as: caller, consistency: consistency)
                    run.expect(session == nil, "a session nobody wrote was found")
                }
            }
        },
        ContractCheck("values of all ten types come back as they were") { run in
            try await Self.comesBack(Self.allTypes, run)
        },
        ContractCheck("numbers keep 38 digits") { run in
            let numbers = [
                "0", "-1", "12.5", "0.001", "99999999999999999999999999999999999999", "-12345678901234567890.123456789012345678",
                "9007199254740993",
            ]
            try await Self.comesBack(["numbers": .list(numbers.map { .number($0) }), "set": .numberSet(Set(numbers))], run)
        },
        ContractCheck("names and texts of any kind come back") { run in
            let names = [
                "data", "size", "user_id", "a.b", "a[0]", "#n", ":v", "a b", "ünï", "名前", "🦊", "quote\"d", "back\\slash", "{brace}", "null",
                "0",
            ]
            var data: SessionData = [:]
            for name in names { data[name] = .string("\(name)\n\t\r\u{0}\u{1}\u{7F}\u{2028} \"\\/ </script>") }
            data["empty"] = ""
            data["empty binary"] = .binary([])
            data["every byte"] = .binary(Array(0...255))
            data["inside"] = .map(data)
            try await Self.comesBack(data, run)
        },
        ContractCheck("empty lists and maps come back, also nested") { run in
            try await Self.comesBack(["list": .list([]), "map": .map([:]), "both": .list([.map([:]), .list([.null])])], run)
        },
        ContractCheck("lists and maps nested 30 levels deep come back") { run in
            var value = SessionValue.string("within")
            for level in 0..<29 { value = level.isMultiple(of: 2) ? .list([value]) : .map(["m": value]) }
            try await Self.comesBack(["deep": value], run)
        },
    ]

    /// One value of each type.
    static let allTypes: SessionData = [
        "S": "text", "N": .number("-12.5"), "B": .binary([0, 127, 255]), "BOOL": true, "NULL": .null,
        "L": .list(["one", 2, .list([false, .null])]), "M": .map(["inner": .map(["deep": .binary([1])])]),
        "SS": .stringSet(["a", "b", "ß"]), "NS": .numberSet(["1", "-2.5", "38"]), "BS": .binarySet([[1], [2, 3]]),
    ]

    private static func comesBack(_ data: SessionData, _ run: ContractRun) async throws {
        let (updated, replaced) = (try run.session(), try run.session())
        let first = try await run.store.update(updated, set: data)
        run.expect(first.session?.data == data, "the answer of an update has \(Self.difference(first.session?.data, data))")
        let second = try await run.store.replace(replaced, with: data)
        run.expect(second.session?.data == data, "the answer of a replacement has \(Self.difference(second.session?.data, data))")
        for key in [updated, replaced] {
            // Twice: a cache in front answers the second.
            for consistency in [ReadConsistency.strong, .cached, .cached] {
                let read = try await run.store.session(key, consistency: consistency)
                run.expect(read?.data == data, "a \(consistency) read has \(Self.difference(read?.data, data))")
            }
        }
    }

    private static func difference(_ found: SessionData?, _ expected: SessionData) -> String {
        guard let found else { return "no session" }
        let names = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }.sorted()
        return "other values in " + names.joined(separator: ", ")
    }
}
