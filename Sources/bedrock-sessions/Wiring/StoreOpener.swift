import EmbeddedStore
import EventLoop
import Logging
import SessionStore
import Settings

/// Opens the store that settings name: the source of truth, and the cache in front of it where there is one.
struct StoreOpener {
    let settings: Settings
    private let clock = SystemClock()
    private let logger = Logger(label: "bedrock-sessions.store")

    init(settings: Settings) {
        self.settings = settings
    }

    /// Opens it. Throws what a store says when it cannot be used, and a usage failure for settings that cannot work.
    func open() async throws -> Stores {
        let usesNetwork = self.settings.store == .dynamodb || self.settings.redisURL != nil
        let loop = usesNetwork ? try Self.loop() : nil
        do {
            switch self.settings.store {
            case .memory:
                return try self.tiers(MemoryStore(timeToLive: self.settings.timeToLive, clock: self.clock), loop) {}
            case .sqlite(let path):
                let store = try EmbeddedStore(path: path, timeToLive: self.settings.timeToLive, clock: self.clock)
                return try self.tiers(store, loop) { store.close() }
            case .dynamodb:
                throw CommandFailure.failed("this build cannot reach DynamoDB: use sqlite:PATH or memory")
            }
        } catch {
            await loop?.shutdown()
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

    private func tiers<Base: SessionStore>(
        _ base: Base, _ loop: UVLoop?, close: @escaping @Sendable () async -> Void
    ) throws -> Stores {
        guard self.settings.redisURL != nil else {
            return Stores(store: base, table: base, cache: nil, loop: loop) {
                await close()
                await loop?.shutdown()
            }
        }
        throw CommandFailure.failed("this build cannot reach Redis: leave --redis out")
    }
}
