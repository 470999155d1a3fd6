/// Commands of several keys: in a cluster all keys of one command have to be in one slot.
extension RedisClient {
    typealias Part<Result> = (places: [Int], result: Result)

    /// Has `body` done for all keys, or for those of each slot at the same time. Answers what came of each part, with the places of its keys.
    func inParts<Result: Sendable>(
        _ keys: [[UInt8]], _ body: @escaping @Sendable (RedisClient, [[UInt8]]) async throws(RedisError) -> Result
    ) async throws(RedisError) -> [Part<Result>] {
        if keys.isEmpty { return [] }
        if self.connectionState != .ready { try await self.connect() }
        if self.nodes.isEmpty { return [(Array(keys.indices), try await body(self, keys))] }
        let places = Dictionary(grouping: keys.indices) { HashSlot(of: keys[$0]) }.values
        let outcomes = await withTaskGroup(of: (places: [Int], result: Swift.Result<Result, RedisError>).self) { group in
            for places in places {
                group.addTask {
                    do throws(RedisError) {
                        return (places, .success(try await body(self, places.map { keys[$0] })))
                    } catch {
                        return (places, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let someSucceeded = outcomes.contains { if case .success = $0.result { true } else { false } }
        var parts: [Part<Result>] = []
        for (places, result) in outcomes {
            do throws(RedisError) {
                parts.append((places, try result.get()))
            } catch {
                throw error.executed(maybe: error.mayHaveExecuted || someSucceeded)
            }
        }
        return parts
    }
}
