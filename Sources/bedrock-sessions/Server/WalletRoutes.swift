import Hummingbird
import JSON
import SessionStore

/// `/v1/sessions/{id}/wallet`
struct WalletRoutes {
    private static let bodyLimit = 16 << 10

    let stores: Stores

    func add(to router: Router<BasicRequestContext>) {
        let store = self.stores.store
        let path: RouterPath = "/v1/sessions/:id/wallet"
        router.get(path) { request, context -> Response in
            switch try await WalletMemory(store).recall(session: context.sessionID, as: request.caller) {
            case .wallet(let recalled): return .json(recalled.json.encoded)
            case .none: throw Problem(.notFound, "no wallet is known: PUT one here")
            case .conflict(let session, let memory):
                let wallets = JSONValue.object([.init("session", session.json), .init("memory", memory.json)])
                throw Problem(
                    .conflict, "the session holds another wallet than the user's memory: PUT the one that is meant", details: wallets)
            }
        }
        // A wallet is one value: to replace it and to patch it are the same, but that a patch can say null.
        router.put(path) { request, context -> Response in
            guard let wallet = try await request.wallet(limit: Self.bodyLimit) else { throw Problem.noWalletGiven }
            return try await Self.remember(wallet, in: store, request, context)
        }
        router.patch(path) { request, context -> Response in
            guard let wallet = try await request.wallet(limit: Self.bodyLimit) else {
                _ = try await WalletMemory(store).forget(session: context.sessionID, as: request.caller)
                return .nothing()
            }
            return try await Self.remember(wallet, in: store, request, context)
        }
        router.delete(path) { request, context -> Response in
            guard try await WalletMemory(store).forget(session: context.sessionID, as: request.caller) else {
                throw Problem(.notFound, "no wallet was known")
            }
            return .nothing()
        }
        router.refuseOtherMethods(than: [.get, .head, .put, .patch, .delete], at: path)
    }

    private static func remember(
        _ wallet: WalletAddress, in store: any SessionStore, _ request: Request, _ context: BasicRequestContext
    ) async throws -> Response {
        let result = try await WalletMemory(store).remember(wallet, session: context.sessionID, as: request.caller)
        let document = JSONValue.object([
            .init("wallet_address", .string(wallet.text)), .init("chain", .string(wallet.chain.name)),
        ])
        return .json(document.encoded, cache: result.cache)
    }
}

extension Request {
    /// The wallet in the body; nil when it says null. Throws a problem, and `.invalidWallet`.
    fileprivate func wallet(limit: Int) async throws -> WalletAddress? {
        switch try ExactNumber.parse(try await self.jsonBytes(limit: limit))["wallet_address"] {
        case .string(let text): return try WalletAddress(text)
        case .null: return nil
        case nil, .object, .array, .number, .bool: throw Problem.noWalletGiven
        }
    }
}
