import Hummingbird
import JSON
import SessionStore

/// `/v1/sessions/{id}`
struct SessionRoutes {
    /// A session's fields as JSON. Escapes make a text longer, so this is more than the 400 KB that an item holds.
    private static let bodyLimit = 2 << 20

    let stores: Stores

    func add(to router: Router<BasicRequestContext>) {
        let store = self.stores.store
        let path: RouterPath = "/v1/sessions/:id"
        router.get(path) { request, context -> Response in
            guard let session = try await store.session(.session(context.sessionID), as: request.caller) else { throw Problem.noSession }
            return .json(session.json.encoded)
        }
        router.put(path) { request, context -> Response in
            let (id, caller) = (try context.sessionID, try request.caller)
            let data = try SessionValue.data(try await request.fields(limit: Self.bodyLimit))
            let result = try await SessionEditor(store: store).replace(id, with: data, as: caller)
            return .json(result.session?.json.encoded ?? [], cache: result.cache)
        }
        router.patch(path) { request, context -> Response in
            let (id, caller) = (try context.sessionID, try request.caller)
            let members = try await request.fields(limit: Self.bodyLimit)
            let data = try SessionValue.data(members.filter { $0.value != .null })
            let removed = Set(members.filter { $0.value == .null }.map(\.name))
            let result = try await SessionEditor(store: store).update(id, set: data, remove: removed, as: caller)
            return .json(result.session?.json.encoded ?? [], cache: result.cache)
        }
        router.delete(path) { request, context -> Response in
            let result = try await store.delete(.session(context.sessionID), as: request.caller)
            guard result.changed else { throw Problem.noSession }
            return .nothing(cache: result.cache)
        }
        router.refuseOtherMethods(than: [.get, .head, .put, .patch, .delete], at: path)
    }
}

extension Request {
    /// The members of the body's `data`. Other members, which a document that was read has, say nothing here. Throws a problem.
    fileprivate func fields(limit: Int) async throws -> [JSONValue.Member] {
        let document = try ExactNumber.parse(try await self.jsonBytes(limit: limit))
        guard let members = document["data"]?.members else {
            throw Problem(.badRequest, #"the body is a JSON object with the fields under data: send {"data": {"field": "value"}}"#)
        }
        return members
    }
}
