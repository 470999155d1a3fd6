import EventLoop
import Load
import SessionStore
import Settings

/// What a load is made on.
struct LoadTarget: Sendable {
    let store: any SessionStore
    let loop: UVLoop
}

extension LoadCommand {
    /// The settings; the store is one in memory unless another is named. Throws a usage failure, also for a table of AWS that only a variable names, or nothing.
    func settings() throws(CommandFailure) -> Settings {
        let settings = try self.store.settings { name in
            Variables.value(name) ?? (name == SettingKey.store.rawValue ? "memory" : nil)
        }
        if self.url == nil, settings.store == .dynamodb, self.store.table == nil, !Self.hasEndpoint {
            throw .usage("this would load a table of AWS's own, which costs money and may be in use: name it with --table")
        }
        return settings
    }

    private static var hasEndpoint: Bool {
        Variables.value("AWS_ENDPOINT_URL_DYNAMODB") != nil || Variables.value("AWS_ENDPOINT_URL") != nil
    }

    /// Opens what is to be loaded, lends it on its loop, and closes it.
    func withTarget<Result: Sendable>(
        _ settings: Settings, _ body: @escaping @Sendable (LoadTarget) async throws -> Result
    ) async throws -> Result {
        guard let url = self.url else {
            return try await self.store.withStore(settings: settings, loops: settings.loops) {
                try await body(LoadTarget(store: $0.store, loop: $0.loop))
            }
        }
        let loop = try StoreOpener.loop()
        do {
            let server = try ServerStore(
                url, token: Variables.value(SettingKey.token.rawValue), connections: self.load.concurrency, loop: loop)
            let result = try await Task(executorPreference: loop) { try await body(LoadTarget(store: server, loop: loop)) }.value
            await server.close()
            await loop.shutdown()
            return result
        } catch {
            await loop.shutdown()
            throw error
        }
    }
}
