import AWS
import Dynamo
import EventLoop
import Logging
import SessionStore

/// Creates the table of `create-table`.
enum TableMaker {
    /// Creates the table unless it is there, and waits until it is active; `begun` is called when nothing is wrong with what was asked. Throws what
    /// the store says.
    static func make(name: String, region: String, begun: @escaping @Sendable () -> Void) async throws {
        let loop = try StoreOpener.loop()
        let result = await Task(executorPreference: loop) {
            let store = try DynamoStore(
                loop: loop, configuration: DynamoConfiguration(table: name, region: region), environment: Environment(Variables.value),
                clock: SystemClock(), logger: Logger(label: "bedrock-sessions.table"))
            begun()
            do {
                try await store.createTable()
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }.result
        await loop.shutdown()
        try result.get()
    }
}
