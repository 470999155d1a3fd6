import Adapter
import SessionStore
import Settings

extension StoreOptions {
    /// Opens the store, lends it to `body`, and closes it.
    func withStore<Result: Sendable>(
        settings given: Settings? = nil, _ body: @escaping @Sendable (Stores) async throws -> Result
    ) async throws -> Result {
        let stores = try await StoreOpener(settings: try given ?? self.settings(), isServer: false).open()
        // On the loop, where there is one, calls of the network cost no thread hop.
        let result = await Task(executorPreference: stores.loop) { try await body(stores) }.result
        await stores.close()
        return try result.get()
    }

    /// The adapter that events go through.
    var adapterConfiguration: AdapterConfiguration {
        get throws(CommandFailure) {
            var configuration = AdapterConfiguration()
            configuration.userAttribute = try self.settings().userAttribute
            return configuration
        }
    }
}
