import Dynamo
import Logging
import Redis
import SessionStore

extension SessionServices {
    /// Opens the connections and looks up the credentials at once, so that the first event need not wait for them. What fails here is only logged:
    /// it fails again, and is answered, when it is needed.
    package func connect() async {
        await withDiscardingTaskGroup { group in
            group.addTask { try? await self.redis?.connect() }
            if let dynamo = self.dynamo {
                group.addTask {
                    do throws(SessionStoreError) {
                        // No session has this name; it has the form of one, and reading it needs no right that sessions do not need.
                        _ = try await dynamo.session(.session(SessionID("bedrock-sessions:connect")))
                    } catch {
                        guard error.code != .cancelled else { return }
                        self.logger.warning("DynamoDB does not answer yet", metadata: ["error": .string(error.description)])
                    }
                }
            }
        }
    }

    /// Opens the connection to Redis alone, and asks a cluster whether it serves. Returned is why it cannot be used, in one sentence without ids, values or
    /// secrets.
    package func connectCache() async -> String? {
        guard let redis = self.redis else { return nil }
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
        // First what the cache has still to tell, while there is a connection to tell it over.
        await self.endCache()
        await self.redis?.close()
        await self.closeIdentity()
        await self.dynamo?.close()
    }
}
