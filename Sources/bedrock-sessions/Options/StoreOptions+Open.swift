import Adapter
import SessionStore
import Settings
import Wiring

extension StoreOptions {
    /// Opens the store, lends it to `body`, and closes it.
    ///
    /// - Parameters:
    ///   - loops: How many event loops the store is spread over; `body` runs on the first.
    ///   - isInterruptible: Ctrl-C and SIGTERM cancel what `body` does, which then ends in order; a second one ends the process.
    func withStore<Result: Sendable>(
        settings given: Settings? = nil, loops: Int = 1, isInterruptible: Bool = false,
        _ body: @escaping @Sendable (Stores) async throws -> Result
    ) async throws -> Result {
        let stores = try await self.open(given ?? self.settings(), isServer: false, loops: loops)
        // On the loop, where there is one, calls of the network cost no thread hop.
        let signals = isInterruptible ? await Interruption.signals() : nil
        let work = Task(executorPreference: stores.loop) { try await body(stores) }
        let interruption = signals.map { Interruption($0) { work.cancel() } }
        let result = await work.result
        await interruption?.end()
        await stores.close()
        if interruption?.hasHappened == true, case .failure(let error) = result, (error as? SessionStoreError)?.code == .cancelled {
            throw CommandFailure.failed("interrupted: run it again to go on")
        }
        return try result.get()
    }

    /// Opens the store; whoever calls closes it.
    func open(_ settings: Settings, isServer: Bool, loops: Int) async throws -> Stores {
        do {
            return try await StoreOpener(settings: settings, isServer: isServer, loops: loops).open()
        } catch let error as SettingsError {
            throw self.usage(error)
        }
    }

    /// How events are read and answered.
    var adapterConfiguration: AdapterConfiguration {
        get throws(CommandFailure) { AdapterConfiguration(try self.settings()) }
    }
}
