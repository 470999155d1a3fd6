import Redis

/// Whether the cache can be used, for readiness checks.
package enum CacheReadiness: Hashable, Sendable {
    /// There is none.
    case none
    /// It answers.
    case ready
    /// It does not; the store goes without it. One sentence says what to do, without ids, values or secrets.
    case unavailable(String)
}

extension SessionServices {
    /// Asks the cache, over the connections of all loops: what one of them cannot use is no cache for its sessions. A connection that nobody has needed yet,
    /// or that was lost while nobody asked, is opened first: what counts is what the next command will find. Takes as long as the client of Redis may take to
    /// connect, a second, and for one reply.
    package func cacheReadiness() async -> CacheReadiness {
        let clients = self.lanes.compactMap(\.redis)
        if clients.isEmpty { return .none }
        if let problem = await self.connectCache() { return .unavailable(problem) }
        return await withTaskGroup { group in
            for redis in clients { group.addTask { await Self.readiness(of: redis) } }
            return await group.reduce(.ready) { $0 == .ready ? $1 : $0 }
        }
    }

    private static func readiness(of redis: RedisClient) async -> CacheReadiness {
        do throws(RedisError) {
            _ = try await redis.ping()
        } catch {
            return .unavailable(error.message)
        }
        switch redis.connectionState {
        case .ready: return .ready
        // A node of a cluster, while others answer.
        case .backingOff(let error): return .unavailable(error.message)
        case .disconnected, .connecting, .closed: return .unavailable("The connection to Redis is being opened; ask again in a moment.")
        }
    }
}
