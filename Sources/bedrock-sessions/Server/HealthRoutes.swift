import Hummingbird
import JSON
import SessionStore
import Wiring

/// `/healthz`: the process runs. `/readyz`: the tiers, each on its own. Without its table a server is not ready; without its cache it is, and slower.
struct HealthRoutes {
    let stores: Stores

    func add(to router: Router<BasicRequestContext>) {
        let stores = self.stores
        router.get("/healthz") { _, _ in Response.json(JSONValue.object([.init("status", "ok")]).encoded) }
        router.get("/readyz") { _, _ in
            async let cache = stores.services.cacheReadiness()
            do throws(SessionStoreError) {
                // Any id does: what counts is that the source of truth answers.
                _ = try await stores.store.session(.session(SessionID("readyz")), as: .asOperator, consistency: .strong)
            } catch {
                var problem = Problem(error)
                problem.members = [.init("table", "unavailable")] + (await cache).members
                throw problem
            }
            return Response.json(JSONValue.object([.init("status", "ready"), .init("table", "ready")] + (await cache).members).encoded)
        }
        for path in ["/healthz", "/readyz"] as [RouterPath] { router.refuseOtherMethods(than: [.get, .head], at: path) }
    }
}

extension CacheReadiness {
    /// What an answer says of the cache.
    fileprivate var members: [JSONValue.Member] {
        switch self {
        case .none: []
        case .ready: [.init("cache", "ready")]
        case .unavailable(let reason): [.init("cache", "unavailable"), .init("cache_detail", .string(reason))]
        }
    }
}
