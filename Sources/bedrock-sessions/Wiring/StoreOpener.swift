import AWS
import Adapter
import EmbeddedStore
import EventLoop
import Logging
import SessionStore
import Settings
import Wiring

/// Opens the store that settings name: the source of truth, and the cache in front of it where there is one.
struct StoreOpener {
    let settings: Settings
    private let isServer: Bool
    private let loops: Int
    private let logger = Logger(label: "bedrock-sessions.store")

    /// How long the command of a person waits for the cache; for a server each millisecond counts.
    private static let patience = Duration.milliseconds(250)

    /// An opener for a server, or for one command, on so many loops.
    init(settings: Settings, isServer: Bool, loops: Int = 1) {
        self.settings = settings
        self.isServer = isServer
        self.loops = loops
    }

    /// Opens it. Throws what a store says when it cannot be used, and `SettingsError` for settings that cannot work.
    func open() async throws -> Stores {
        let loop = try Self.loop()
        var others: [UVLoop] = []
        var embedded: EmbeddedStore?
        do {
            while others.count < self.loops - 1 { others.append(try Self.loop()) }
            if case .sqlite(let path) = self.settings.store {
                embedded = try EmbeddedStore(path: path, timeToLive: self.settings.timeToLive)
            }
            let services = try await SessionServices.open(
                self.settings, loop: loop, others: others, environment: Environment(Variables.value), logger: self.logger,
                embedded: embedded,
                schema: try self.settings.actions.schema.map { (path) throws(SettingsError) in try SchemaDocument(path).schema },
                cachePatience: self.isServer ? nil : Self.patience)
            // A server listens while it connects; a command needs nothing but the cache, and that now.
            let connecting = self.isServer ? Task(executorPreference: loop) { await services.connect() } : nil
            if !self.isServer, let problem = await services.connectCache() {
                Console.complain("warning: there is no cache for this command: \(problem)")
            }
            let names = self.settings.logDigest.map(LogNames.init)
            return Stores(services, loop: loop, isOnlyLoop: others.isEmpty, names: names) { [embedded, loops = others + [loop]] in
                connecting?.cancel()
                await services.close()
                embedded?.close()
                for loop in loops { await loop.shutdown() }
            }
        } catch {
            embedded?.close()
            for loop in others + [loop] { await loop.shutdown() }
            throw error
        }
    }

    /// A loop for the network. Throws when the system has no descriptors or threads left.
    static func loop() throws(CommandFailure) -> UVLoop {
        do throws(EventLoopError) {
            return try UVLoop(name: "bedrock-sessions")
        } catch {
            throw .failed("the event loop does not start (\(error)): allow the process more threads and descriptors")
        }
    }
}
