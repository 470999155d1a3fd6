import Dynamo
import Logging
import Redis
import SessionStore

extension SessionServices {
    /// Opens the connections and looks up the credentials at once, so that the first event need not wait for them. What fails here is only logged:
    /// it fails again, and is answered, when it is needed.
    package func connect() async {
        await withDiscardingTaskGroup { group in
            for lane in self.lanes {
                group.addTask { try? await lane.redis?.connect() }
                if let dynamo = lane.dynamo { group.addTask { await self.connect(dynamo) } }
            }
        }
    }

    private func connect(_ dynamo: DynamoStore) async {
        do throws(SessionStoreError) {
            // No session has this name; it has the form of one, and reading it needs no right that sessions do not need.
            _ = try await dynamo.session(.session(SessionID("bedrock-sessions:connect")))
        } catch {
            guard error.code != .cancelled else { return }
            self.logger.warning("DynamoDB does not answer yet", metadata: ["error": .string(error.description)])
        }
    }

    /// Opens the connections to Redis alone, and asks a cluster whether it serves. Returned is why one of them cannot be used, in one sentence without ids,
    /// values or secrets.
    package func connectCache() async -> String? {
        await withTaskGroup { group in
            for redis in self.lanes.compactMap(\.redis) { group.addTask { await Self.trouble(with: redis) } }
            return await group.reduce(nil) { $0 ?? $1 }
        }
    }

    private static func trouble(with redis: RedisClient) async -> String? {
        do throws(RedisError) {
            try await redis.connect()
            return await redis.clusterTrouble()?.message
        } catch {
            return error.message
        }
    }

    /// Closes the connections.
    package func close() async {
        await self.actions.upstream?.close()
        await withDiscardingTaskGroup { group in
            for lane in self.lanes { group.addTask { await lane.close() } }
        }
        await self.closeShared()
    }
}
