import Hummingbird
import JSON
import SessionStore

/// `/healthz`: the process runs. `/readyz`: the store answers.
struct HealthRoutes {
    let stores: Stores

    func add(to router: Router<BasicRequestContext>) {
        let store = self.stores.store
        router.get("/healthz") { _, _ in Response.json(JSONValue.object([.init("status", "ok")]).encoded) }
        router.get("/readyz") { _, _ in
            // Any id does: what counts is that the source of truth answers.
            _ = try await store.session(.session(SessionID("readyz")), as: .asOperator, consistency: .strong)
            return Response.json(JSONValue.object([.init("status", "ready")]).encoded)
        }
        for path in ["/healthz", "/readyz"] as [RouterPath] { router.refuseOtherMethods(than: [.get, .head], at: path) }
    }
}
