import Adapter
import SessionStore
import Settings
import Wiring

extension StoreOptions {
    /// Opens the store, lends it to `body`, and closes it.
    func withStore<Result: Sendable>(
        settings given: Settings? = nil, _ body: @escaping @Sendable (Stores) async throws -> Result
    ) async throws -> Result {
        let stores = try await self.open(given ?? self.settings(), isServer: false)
        // On the loop, where there is one, calls of the network cost no thread hop.
        let result = await Task(executorPreference: stores.loop) { try await body(stores) }.result
        await stores.close()
        return try result.get()
    }

    /// Opens the store; whoever calls closes it.
    func open(_ settings: Settings, isServer: Bool) async throws -> Stores {
        do {
            return try await StoreOpener(settings: settings, isServer: isServer).open()
        } catch let error as SettingsError {
            throw self.usage(error)
        }
    }

    /// How events are read and answered.
    var adapterConfiguration: AdapterConfiguration {
        get throws(CommandFailure) { AdapterConfiguration(try self.settings()) }
    }
}
