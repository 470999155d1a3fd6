import SessionStore

extension SessionStoreContract {
    static let calls: [ContractCheck] = [
        ContractCheck("the mark of a call ends after a minute, whatever a session's time to live", needsAdvance: true) { run in
            let key = SessionKey.call(CallKey(digest: (0..<32).map { _ in UInt8.random(in: .min ... .max) }))
            let begin = SessionWrite(key, .update(set: ["begun": true], remove: []), onlyIf: .absent)
            let first = try await run.store.write(begin)
            try await run.advance(by: .seconds(58))
            await run.refuses(.conflict, "a mark over a mark") { () throws(SessionStoreError) in try await run.store.write(begin) }
            run.expect(try await run.store.session(key, consistency: .strong)?.version == first.version, "the mark is gone too early")
            try await run.advance(by: .seconds(4))
            for consistency in [ReadConsistency.cached, .strong] {
                run.expect(try await run.store.session(key, consistency: consistency) == nil, "a \(consistency) read still finds the mark")
            }
            run.expect(try await run.store.write(begin).changed, "a call cannot be marked again")
            _ = try await run.store.delete(key)
            run.expect(try await run.store.session(key, consistency: .strong) == nil, "a mark cannot be taken away")
        }
    ]
}
